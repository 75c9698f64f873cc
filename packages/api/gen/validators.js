import {
  anyOk,
  bytesOk,
  durationOk,
  intOrStringOk,
  isEmpty,
  microTimeOrNullText,
  microTimeText,
  quantityText,
  rawOk,
  timeOrNullText,
  timeText,
} from "../src/decode-scalars.ts";

function validate1(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.groupVersion === undefined){
data.groupVersion = "";
}
if(data.version === undefined){
data.version = "";
}
for(const key0 in data){
if(!((key0 === "groupVersion") || (key0 === "version"))){
return false;
}
}
{
if(typeof data.groupVersion !== "string"){
return false;
}
{
if(typeof data.version !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate4(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.clientCIDR === undefined){
data.clientCIDR = "";
}
if(data.serverAddress === undefined){
data.serverAddress = "";
}
for(const key0 in data){
if(!((key0 === "clientCIDR") || (key0 === "serverAddress"))){
return false;
}
}
{
if(typeof data.clientCIDR !== "string"){
return false;
}
{
if(typeof data.serverAddress !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate0(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.versions === undefined){
data.versions = [];
}
if(data.preferredVersion === undefined){
data.preferredVersion = {};
}
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "name")) || (key0 === "versions")) || (key0 === "preferredVersion")) || (key0 === "serverAddressByClientCIDRs"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
let data3 = data.versions;
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate1(data3[i0])) return false;
}
}
else {
return false;
}
}
{
if(!validate1(data.preferredVersion)) return false;
{
if(data.serverAddressByClientCIDRs !== undefined){
let data6 = data.serverAddressByClientCIDRs;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(!validate4(data6[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate6(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.versions === undefined){
data.versions = [];
}
if(data.serverAddressByClientCIDRs === undefined){
data.serverAddressByClientCIDRs = [];
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "versions")) || (key0 === "serverAddressByClientCIDRs"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
let data2 = data.versions;
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
let data4 = data.serverAddressByClientCIDRs;
{
if(Array.isArray(data4)){
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
if(!validate4(data4[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate8(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "dryRun")) || (key0 === "fieldManager")) || (key0 === "fieldValidation"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.dryRun !== undefined){
let data2 = data.dryRun;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.fieldManager !== undefined){
let data4 = data.fieldManager;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.fieldValidation !== undefined){
let data5 = data.fieldValidation;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate10(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "uid") || (key0 === "resourceVersion"))){
return false;
}
}
{
if(data.uid !== undefined){
if(typeof data.uid !== "string"){
return false;
}
}
{
if(data.resourceVersion !== undefined){
if(typeof data.resourceVersion !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate9(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "gracePeriodSeconds")) || (key0 === "preconditions")) || (key0 === "orphanDependents")) || (key0 === "propagationPolicy")) || (key0 === "dryRun")) || (key0 === "ignoreStoreReadErrorWithClusterBreakingPotential"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.gracePeriodSeconds !== undefined){
let data2 = data.gracePeriodSeconds;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.preconditions !== undefined){
if(!validate10(data.preconditions)) return false;
}
{
if(data.orphanDependents !== undefined){
if(typeof data.orphanDependents !== "boolean"){
return false;
}
}
{
if(data.propagationPolicy !== undefined){
if(typeof data.propagationPolicy !== "string"){
return false;
}
}
{
if(data.dryRun !== undefined){
let data6 = data.dryRun;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(typeof data6[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.ignoreStoreReadErrorWithClusterBreakingPotential !== undefined){
if(typeof data.ignoreStoreReadErrorWithClusterBreakingPotential !== "boolean"){
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate12(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "resourceVersion"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.resourceVersion !== undefined){
let data2 = data.resourceVersion;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema8 = { properties: {"kind":0,"apiVersion":0,"labelSelector":0,"fieldSelector":0,"watch":0,"allowWatchBookmarks":0,"resourceVersion":0,"resourceVersionMatch":0,"timeoutSeconds":0,"limit":0,"continue":0,"sendInitialEvents":0,"shardSelector":0} };
const func0 = Object.prototype.hasOwnProperty;
function validate13(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema8.properties, key0))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.labelSelector !== undefined){
let data2 = data.labelSelector;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.fieldSelector !== undefined){
let data3 = data.fieldSelector;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.watch !== undefined){
let data4 = data.watch;
if(typeof data4 !== "boolean"){
return false;
}
if(data4 === false){
return false;
}
}
{
if(data.allowWatchBookmarks !== undefined){
let data5 = data.allowWatchBookmarks;
if(typeof data5 !== "boolean"){
return false;
}
if(data5 === false){
return false;
}
}
{
if(data.resourceVersion !== undefined){
let data6 = data.resourceVersion;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.resourceVersionMatch !== undefined){
let data7 = data.resourceVersionMatch;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
if(data.timeoutSeconds !== undefined){
let data8 = data.timeoutSeconds;
if(!((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8)))){
return false;
}
{
if(typeof data8 == "number"){
if(data8 > 9007199254740991 || isNaN(data8)){
return false;
}
else {
if(data8 < -9007199254740991 || isNaN(data8)){
return false;
}
}
}
}
}
{
if(data.limit !== undefined){
let data9 = data.limit;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
if(data9 === 0){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 9007199254740991 || isNaN(data9)){
return false;
}
else {
if(data9 < -9007199254740991 || isNaN(data9)){
return false;
}
}
}
}
}
{
if(data.continue !== undefined){
let data10 = data.continue;
if(typeof data10 !== "string"){
return false;
}
if(data10 === ""){
return false;
}
}
{
if(data.sendInitialEvents !== undefined){
if(typeof data.sendInitialEvents !== "boolean"){
return false;
}
}
{
if(data.shardSelector !== undefined){
let data12 = data.shardSelector;
if(typeof data12 !== "string"){
return false;
}
if(data12 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema10 = { properties: {"name":0,"generateName":0,"namespace":0,"selfLink":0,"uid":0,"resourceVersion":0,"generation":0,"creationTimestamp":0,"deletionTimestamp":0,"deletionGracePeriodSeconds":0,"labels":0,"annotations":0,"ownerReferences":0,"finalizers":0,"managedFields":0} };
function validate16(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
data.apiVersion = "";
}
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
if(data.uid === undefined){
data.uid = "";
}
for(const key0 in data){
if(!((((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "name")) || (key0 === "uid")) || (key0 === "controller")) || (key0 === "blockOwnerDeletion"))){
return false;
}
}
{
if(typeof data.apiVersion !== "string"){
return false;
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.uid !== "string"){
return false;
}
{
if(data.controller !== undefined){
if(typeof data.controller !== "boolean"){
return false;
}
}
{
if(data.blockOwnerDeletion !== undefined){
if(typeof data.blockOwnerDeletion !== "boolean"){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate18(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "manager") || (key0 === "operation")) || (key0 === "apiVersion")) || (key0 === "time")) || (key0 === "fieldsType")) || (key0 === "fieldsV1")) || (key0 === "subresource"))){
return false;
}
}
{
if(data.manager !== undefined){
let data0 = data.manager;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.operation !== undefined){
let data1 = data.operation;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data2 = data.apiVersion;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.time !== undefined){
let data3 = data.time;
const text0 = timeText(data3);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data3){
data["time"] = text0;
}
}
}
{
if(data.fieldsType !== undefined){
let data4 = data.fieldsType;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.fieldsV1 !== undefined){
if(!rawOk(data.fieldsV1)){
return false;
}
}
{
if(data.subresource !== undefined){
let data6 = data.subresource;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate15(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema10.properties, key0))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.generateName !== undefined){
let data1 = data.generateName;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.namespace !== undefined){
let data2 = data.namespace;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.selfLink !== undefined){
let data3 = data.selfLink;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.uid !== undefined){
let data4 = data.uid;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.resourceVersion !== undefined){
let data5 = data.resourceVersion;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.generation !== undefined){
let data6 = data.generation;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
if(data6 === 0){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 9007199254740991 || isNaN(data6)){
return false;
}
else {
if(data6 < -9007199254740991 || isNaN(data6)){
return false;
}
}
}
}
}
{
if(data.creationTimestamp !== undefined){
let data7 = data.creationTimestamp;
const text0 = timeText(data7);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data7){
data["creationTimestamp"] = text0;
}
}
}
{
if(data.deletionTimestamp !== undefined){
let data8 = data.deletionTimestamp;
const text1 = timeText(data8);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data8){
data["deletionTimestamp"] = text1;
}
}
}
{
if(data.deletionGracePeriodSeconds !== undefined){
let data9 = data.deletionGracePeriodSeconds;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 9007199254740991 || isNaN(data9)){
return false;
}
else {
if(data9 < -9007199254740991 || isNaN(data9)){
return false;
}
}
}
}
}
{
if(data.labels !== undefined){
let data10 = data.labels;
if(isEmpty(data10)){
return false;
}
{
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key1 in data10){
if(typeof data10[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.annotations !== undefined){
let data12 = data.annotations;
if(isEmpty(data12)){
return false;
}
{
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key2 in data12){
if(typeof data12[key2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.ownerReferences !== undefined){
let data14 = data.ownerReferences;
if(!data14?.length){
return false;
}
{
if(Array.isArray(data14)){
const len0 = data14.length;
for(let i0=0; i0<len0; i0++){
if(!validate16(data14[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.finalizers !== undefined){
let data16 = data.finalizers;
if(!data16?.length){
return false;
}
{
if(Array.isArray(data16)){
const len1 = data16.length;
for(let i1=0; i1<len1; i1++){
if(typeof data16[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.managedFields !== undefined){
let data18 = data.managedFields;
{
if(Array.isArray(data18)){
const len2 = data18.length;
for(let i2=0; i2<len2; i2++){
if(!validate18(data18[i2])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate14(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate21(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "dryRun")) || (key0 === "force")) || (key0 === "fieldManager")) || (key0 === "fieldValidation"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.dryRun !== undefined){
let data2 = data.dryRun;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.force !== undefined){
if(typeof data.force !== "boolean"){
return false;
}
}
{
if(data.fieldManager !== undefined){
let data5 = data.fieldManager;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.fieldValidation !== undefined){
let data6 = data.fieldValidation;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate24(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.selector === undefined){
data.selector = "";
}
for(const key0 in data){
if(!(key0 === "selector")){
return false;
}
}
{
if(typeof data.selector !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate23(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "selfLink") || (key0 === "resourceVersion")) || (key0 === "continue")) || (key0 === "remainingItemCount")) || (key0 === "shardInfo"))){
return false;
}
}
{
if(data.selfLink !== undefined){
let data0 = data.selfLink;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.resourceVersion !== undefined){
let data1 = data.resourceVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.continue !== undefined){
let data2 = data.continue;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.remainingItemCount !== undefined){
let data3 = data.remainingItemCount;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 9007199254740991 || isNaN(data3)){
return false;
}
else {
if(data3 < -9007199254740991 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.shardInfo !== undefined){
if(!validate24(data.shardInfo)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate28(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "reason") || (key0 === "message")) || (key0 === "field"))){
return false;
}
}
{
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data1 = data.message;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.field !== undefined){
let data2 = data.field;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate27(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "name") || (key0 === "group")) || (key0 === "kind")) || (key0 === "uid")) || (key0 === "causes")) || (key0 === "retryAfterSeconds"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.group !== undefined){
let data1 = data.group;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.kind !== undefined){
let data2 = data.kind;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.uid !== undefined){
let data3 = data.uid;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.causes !== undefined){
let data4 = data.causes;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!validate28(data4[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.retryAfterSeconds !== undefined){
let data6 = data.retryAfterSeconds;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
if(data6 === 0){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate22(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "status")) || (key0 === "message")) || (key0 === "reason")) || (key0 === "details")) || (key0 === "code"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate23(data.metadata)) return false;
{
if(data.status !== undefined){
let data3 = data.status;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.reason !== undefined){
let data5 = data.reason;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.details !== undefined){
if(!validate27(data.details)) return false;
}
{
if(data.code !== undefined){
let data7 = data.code;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
if(data7 === 0){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate33(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.type === undefined){
data.type = "";
}
if(data.format === undefined){
data.format = "";
}
if(data.description === undefined){
data.description = "";
}
if(data.priority === undefined){
data.priority = 0;
}
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "type")) || (key0 === "format")) || (key0 === "description")) || (key0 === "priority"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.format !== "string"){
return false;
}
{
if(typeof data.description !== "string"){
return false;
}
{
let data4 = data.priority;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate36(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
for(const key0 in data){
if(!((((key0 === "type") || (key0 === "status")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
if(data.reason !== undefined){
let data2 = data.reason;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data3 = data.message;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate35(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.cells === undefined){
data.cells = [];
}
let missing0;
if((data.object === undefined) && (missing0 = "object")){
return false;
}
else {
for(const key0 in data){
if(!(((key0 === "cells") || (key0 === "conditions")) || (key0 === "object"))){
return false;
}
}
{
let data0 = data.cells;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!anyOk(data0[i0])){
return false;
}
}
}
else {
return false;
}
}
{
if(data.conditions !== undefined){
let data2 = data.conditions;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate36(data2[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.object !== undefined){
if(!rawOk(data.object)){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate31(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.columnDefinitions === undefined){
data.columnDefinitions = [];
}
if(data.rows === undefined){
data.rows = [];
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "columnDefinitions")) || (key0 === "rows"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate23(data.metadata)) return false;
{
let data3 = data.columnDefinitions;
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate33(data3[i0])) return false;
}
}
else {
return false;
}
}
{
let data5 = data.rows;
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(!validate35(data5[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate39(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data["-"] === undefined){
data["-"] = false;
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "-")) || (key0 === "includeObject"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(typeof data["-"] !== "boolean"){
return false;
}
{
if(data.includeObject !== undefined){
let data3 = data.includeObject;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate40(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "dryRun")) || (key0 === "fieldManager")) || (key0 === "fieldValidation"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.dryRun !== undefined){
let data2 = data.dryRun;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.fieldManager !== undefined){
let data4 = data.fieldManager;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.fieldValidation !== undefined){
let data5 = data.fieldValidation;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate41(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((key0 === "type") || (key0 === "object"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.object !== undefined){
if(!rawOk(data.object)){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate44(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "kind") || (key0 === "namespace")) || (key0 === "name")) || (key0 === "uid")) || (key0 === "apiVersion")) || (key0 === "resourceVersion")) || (key0 === "fieldPath"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.namespace !== undefined){
let data1 = data.namespace;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.name !== undefined){
let data2 = data.name;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.uid !== undefined){
let data3 = data.uid;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data4 = data.apiVersion;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.resourceVersion !== undefined){
let data5 = data.resourceVersion;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.fieldPath !== undefined){
let data6 = data.fieldPath;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate42(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.target === undefined){
data.target = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "target"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate44(data.target)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate48(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
for(const key0 in data){
if(!((((key0 === "type") || (key0 === "status")) || (key0 === "message")) || (key0 === "error"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
if(data.message !== undefined){
let data2 = data.message;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.error !== undefined){
let data3 = data.error;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate46(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "conditions"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.conditions !== undefined){
let data3 = data.conditions;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate48(data3[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate50(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "immutable")) || (key0 === "data")) || (key0 === "binaryData"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.immutable !== undefined){
if(typeof data.immutable !== "boolean"){
return false;
}
}
{
if(data.data !== undefined){
let data4 = data.data;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(typeof data4[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.binaryData !== undefined){
let data6 = data.binaryData;
if(isEmpty(data6)){
return false;
}
{
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key2 in data6){
if(!bytesOk(data6[key2])){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate55(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ip === undefined){
data.ip = "";
}
for(const key0 in data){
if(!((((key0 === "ip") || (key0 === "hostname")) || (key0 === "nodeName")) || (key0 === "targetRef"))){
return false;
}
}
{
if(typeof data.ip !== "string"){
return false;
}
{
if(data.hostname !== undefined){
let data1 = data.hostname;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.nodeName !== undefined){
if(typeof data.nodeName !== "string"){
return false;
}
}
{
if(data.targetRef !== undefined){
if(!validate44(data.targetRef)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate59(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.port === undefined){
data.port = 0;
}
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "port")) || (key0 === "protocol")) || (key0 === "appProtocol"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
let data1 = data.port;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
{
if(data.protocol !== undefined){
let data2 = data.protocol;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.appProtocol !== undefined){
if(typeof data.appProtocol !== "string"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate54(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "addresses") || (key0 === "notReadyAddresses")) || (key0 === "ports"))){
return false;
}
}
{
if(data.addresses !== undefined){
let data0 = data.addresses;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate55(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.notReadyAddresses !== undefined){
let data2 = data.notReadyAddresses;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate55(data2[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.ports !== undefined){
let data4 = data.ports;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(!validate59(data4[i2])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate52(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "subsets"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.subsets !== undefined){
let data3 = data.subsets;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate54(data3[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema35 = { properties: {"kind":0,"apiVersion":0,"metadata":0,"involvedObject":0,"reason":0,"message":0,"source":0,"firstTimestamp":0,"lastTimestamp":0,"count":0,"type":0,"eventTime":0,"series":0,"action":0,"related":0,"reportingComponent":0,"reportingInstance":0} };
function validate65(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "component") || (key0 === "host"))){
return false;
}
}
{
if(data.component !== undefined){
let data0 = data.component;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.host !== undefined){
let data1 = data.host;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate67(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.lastObservedTime === undefined){
data.lastObservedTime = null;
}
for(const key0 in data){
if(!((key0 === "count") || (key0 === "lastObservedTime"))){
return false;
}
}
{
if(data.count !== undefined){
let data0 = data.count;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
if(data0 === 0){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
let data1 = data.lastObservedTime;
const text0 = microTimeOrNullText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["lastObservedTime"] = text0;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate62(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.involvedObject === undefined){
data.involvedObject = {};
}
if(data.source === undefined){
data.source = {};
}
if(data.firstTimestamp === undefined){
data.firstTimestamp = null;
}
if(data.lastTimestamp === undefined){
data.lastTimestamp = null;
}
if(data.eventTime === undefined){
data.eventTime = null;
}
if(data.reportingComponent === undefined){
data.reportingComponent = "";
}
if(data.reportingInstance === undefined){
data.reportingInstance = "";
}
for(const key0 in data){
if(!(func0.call(schema35.properties, key0))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate44(data.involvedObject)) return false;
{
if(data.reason !== undefined){
let data4 = data.reason;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data5 = data.message;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(!validate65(data.source)) return false;
{
let data7 = data.firstTimestamp;
const text0 = timeOrNullText(data7);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data7){
data["firstTimestamp"] = text0;
}
}
{
let data8 = data.lastTimestamp;
const text1 = timeOrNullText(data8);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data8){
data["lastTimestamp"] = text1;
}
}
{
if(data.count !== undefined){
let data9 = data.count;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
if(data9 === 0){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 2147483647 || isNaN(data9)){
return false;
}
else {
if(data9 < -2147483648 || isNaN(data9)){
return false;
}
}
}
}
}
{
if(data.type !== undefined){
let data10 = data.type;
if(typeof data10 !== "string"){
return false;
}
if(data10 === ""){
return false;
}
}
{
let data11 = data.eventTime;
const text2 = microTimeOrNullText(data11);
if(text2 === undefined){
return false;
}
else {
if(text2 !== data11){
data["eventTime"] = text2;
}
}
{
if(data.series !== undefined){
if(!validate67(data.series)) return false;
}
{
if(data.action !== undefined){
let data13 = data.action;
if(typeof data13 !== "string"){
return false;
}
if(data13 === ""){
return false;
}
}
{
if(data.related !== undefined){
if(!validate44(data.related)) return false;
}
{
if(typeof data.reportingComponent !== "string"){
return false;
}
{
if(typeof data.reportingInstance !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema39 = { properties: {"limits":0} };
function validate73(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "max")) || (key0 === "min")) || (key0 === "default")) || (key0 === "defaultRequest")) || (key0 === "maxLimitRequestRatio"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.max !== undefined){
let data1 = data.max;
if(isEmpty(data1)){
return false;
}
{
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
let data2 = data1[key1];
const text0 = quantityText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data1[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.min !== undefined){
let data3 = data.min;
if(isEmpty(data3)){
return false;
}
{
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key2 in data3){
let data4 = data3[key2];
const text1 = quantityText(data4);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data4){
data3[key2] = text1;
}
}
}
}
else {
return false;
}
}
}
{
if(data.default !== undefined){
let data5 = data.default;
if(isEmpty(data5)){
return false;
}
{
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key3 in data5){
let data6 = data5[key3];
const text2 = quantityText(data6);
if(text2 === undefined){
return false;
}
else {
if(text2 !== data6){
data5[key3] = text2;
}
}
}
}
else {
return false;
}
}
}
{
if(data.defaultRequest !== undefined){
let data7 = data.defaultRequest;
if(isEmpty(data7)){
return false;
}
{
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
for(const key4 in data7){
let data8 = data7[key4];
const text3 = quantityText(data8);
if(text3 === undefined){
return false;
}
else {
if(text3 !== data8){
data7[key4] = text3;
}
}
}
}
else {
return false;
}
}
}
{
if(data.maxLimitRequestRatio !== undefined){
let data9 = data.maxLimitRequestRatio;
if(isEmpty(data9)){
return false;
}
{
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key5 in data9){
let data10 = data9[key5];
const text4 = quantityText(data10);
if(text4 === undefined){
return false;
}
else {
if(text4 !== data10){
data9[key5] = text4;
}
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate72(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.limits === undefined){
data.limits = null;
}
for(const key0 in data){
if(!(key0 === "limits")){
return false;
}
}
{
let data0 = data.limits;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["limits"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate73(data0[i0])) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate70(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate72(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate78(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "finalizers")){
return false;
}
}
{
if(data.finalizers !== undefined){
let data0 = data.finalizers;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate81(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate80(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "phase") || (key0 === "conditions"))){
return false;
}
}
{
if(data.phase !== undefined){
let data0 = data.phase;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.conditions !== undefined){
let data1 = data.conditions;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate81(data1[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate76(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate78(data.spec)) return false;
{
if(!validate80(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate87(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.effect === undefined){
data.effect = "";
}
for(const key0 in data){
if(!((((key0 === "key") || (key0 === "value")) || (key0 === "effect")) || (key0 === "timeAdded"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(data.value !== undefined){
let data1 = data.value;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(typeof data.effect !== "string"){
return false;
}
{
if(data.timeAdded !== undefined){
let data3 = data.timeAdded;
const text0 = timeText(data3);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data3){
data["timeAdded"] = text0;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate90(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.namespace === undefined){
data.namespace = "";
}
if(data.name === undefined){
data.name = "";
}
if(data.kubeletConfigKey === undefined){
data.kubeletConfigKey = "";
}
for(const key0 in data){
if(!(((((key0 === "namespace") || (key0 === "name")) || (key0 === "uid")) || (key0 === "resourceVersion")) || (key0 === "kubeletConfigKey"))){
return false;
}
}
{
if(typeof data.namespace !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.uid !== undefined){
let data2 = data.uid;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.resourceVersion !== undefined){
let data3 = data.resourceVersion;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(typeof data.kubeletConfigKey !== "string"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate89(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "configMap")){
return false;
}
}
{
if(data.configMap !== undefined){
if(!validate90(data.configMap)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate86(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "podCIDR") || (key0 === "podCIDRs")) || (key0 === "providerID")) || (key0 === "unschedulable")) || (key0 === "taints")) || (key0 === "configSource")) || (key0 === "externalID"))){
return false;
}
}
{
if(data.podCIDR !== undefined){
let data0 = data.podCIDR;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.podCIDRs !== undefined){
let data1 = data.podCIDRs;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.providerID !== undefined){
let data3 = data.providerID;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.unschedulable !== undefined){
let data4 = data.unschedulable;
if(typeof data4 !== "boolean"){
return false;
}
if(data4 === false){
return false;
}
}
{
if(data.taints !== undefined){
let data5 = data.taints;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(!validate87(data5[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.configSource !== undefined){
if(!validate89(data.configSource)) return false;
}
{
if(data.externalID !== undefined){
let data8 = data.externalID;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema50 = { properties: {"capacity":0,"allocatable":0,"phase":0,"conditions":0,"addresses":0,"daemonEndpoints":0,"nodeInfo":0,"images":0,"volumesInUse":0,"volumesAttached":0,"config":0,"runtimeHandlers":0,"features":0,"declaredFeatures":0} };
function validate95(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastHeartbeatTime === undefined){
data.lastHeartbeatTime = null;
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "status")) || (key0 === "lastHeartbeatTime")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastHeartbeatTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastHeartbeatTime"] = text0;
}
}
{
let data3 = data.lastTransitionTime;
const text1 = timeOrNullText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data["lastTransitionTime"] = text1;
}
}
{
if(data.reason !== undefined){
let data4 = data.reason;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data5 = data.message;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate97(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.address === undefined){
data.address = "";
}
for(const key0 in data){
if(!((key0 === "type") || (key0 === "address"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.address !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate100(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.Port === undefined){
data.Port = 0;
}
for(const key0 in data){
if(!(key0 === "Port")){
return false;
}
}
{
let data0 = data.Port;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate99(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kubeletEndpoint === undefined){
data.kubeletEndpoint = {};
}
for(const key0 in data){
if(!(key0 === "kubeletEndpoint")){
return false;
}
}
{
if(!validate100(data.kubeletEndpoint)) return false;
}
}
else {
return false;
}
}
return true;
}
const schema55 = { properties: {"machineID":0,"systemUUID":0,"bootID":0,"kernelVersion":0,"osImage":0,"containerRuntimeVersion":0,"kubeletVersion":0,"kubeProxyVersion":0,"operatingSystem":0,"architecture":0,"swap":0} };
function validate104(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "capacity")){
return false;
}
}
{
if(data.capacity !== undefined){
let data0 = data.capacity;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate103(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.machineID === undefined){
data.machineID = "";
}
if(data.systemUUID === undefined){
data.systemUUID = "";
}
if(data.bootID === undefined){
data.bootID = "";
}
if(data.kernelVersion === undefined){
data.kernelVersion = "";
}
if(data.osImage === undefined){
data.osImage = "";
}
if(data.containerRuntimeVersion === undefined){
data.containerRuntimeVersion = "";
}
if(data.kubeletVersion === undefined){
data.kubeletVersion = "";
}
if(data.kubeProxyVersion === undefined){
data.kubeProxyVersion = "";
}
if(data.operatingSystem === undefined){
data.operatingSystem = "";
}
if(data.architecture === undefined){
data.architecture = "";
}
for(const key0 in data){
if(!(func0.call(schema55.properties, key0))){
return false;
}
}
{
if(typeof data.machineID !== "string"){
return false;
}
{
if(typeof data.systemUUID !== "string"){
return false;
}
{
if(typeof data.bootID !== "string"){
return false;
}
{
if(typeof data.kernelVersion !== "string"){
return false;
}
{
if(typeof data.osImage !== "string"){
return false;
}
{
if(typeof data.containerRuntimeVersion !== "string"){
return false;
}
{
if(typeof data.kubeletVersion !== "string"){
return false;
}
{
if(typeof data.kubeProxyVersion !== "string"){
return false;
}
{
if(typeof data.operatingSystem !== "string"){
return false;
}
{
if(typeof data.architecture !== "string"){
return false;
}
{
if(data.swap !== undefined){
if(!validate104(data.swap)) return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema57 = { properties: {"names":0,"sizeBytes":0} };
function validate107(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.names === undefined){
data.names = null;
}
for(const key0 in data){
if(!((key0 === "names") || (key0 === "sizeBytes"))){
return false;
}
}
{
let data0 = data.names;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["names"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
}
{
if(data.sizeBytes !== undefined){
let data2 = data.sizeBytes;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate109(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.devicePath === undefined){
data.devicePath = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "devicePath"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.devicePath !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate111(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "assigned") || (key0 === "active")) || (key0 === "lastKnownGood")) || (key0 === "error"))){
return false;
}
}
{
if(data.assigned !== undefined){
if(!validate89(data.assigned)) return false;
}
{
if(data.active !== undefined){
if(!validate89(data.active)) return false;
}
{
if(data.lastKnownGood !== undefined){
if(!validate89(data.lastKnownGood)) return false;
}
{
if(data.error !== undefined){
let data3 = data.error;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate117(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "recursiveReadOnlyMounts") || (key0 === "userNamespaces"))){
return false;
}
}
{
if(data.recursiveReadOnlyMounts !== undefined){
if(typeof data.recursiveReadOnlyMounts !== "boolean"){
return false;
}
}
{
if(data.userNamespaces !== undefined){
if(typeof data.userNamespaces !== "boolean"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate116(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "features"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.features !== undefined){
if(!validate117(data.features)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate120(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "supplementalGroupsPolicy")){
return false;
}
}
{
if(data.supplementalGroupsPolicy !== undefined){
if(typeof data.supplementalGroupsPolicy !== "boolean"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate94(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.daemonEndpoints === undefined){
data.daemonEndpoints = {};
}
if(data.nodeInfo === undefined){
data.nodeInfo = {};
}
for(const key0 in data){
if(!(func0.call(schema50.properties, key0))){
return false;
}
}
{
if(data.capacity !== undefined){
let data0 = data.capacity;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
let data1 = data0[key1];
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data0[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.allocatable !== undefined){
let data2 = data.allocatable;
if(isEmpty(data2)){
return false;
}
{
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key2 in data2){
let data3 = data2[key2];
const text1 = quantityText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data2[key2] = text1;
}
}
}
}
else {
return false;
}
}
}
{
if(data.phase !== undefined){
let data4 = data.phase;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.conditions !== undefined){
let data5 = data.conditions;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
if(!validate95(data5[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.addresses !== undefined){
let data7 = data.addresses;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len1 = data7.length;
for(let i1=0; i1<len1; i1++){
if(!validate97(data7[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(!validate99(data.daemonEndpoints)) return false;
{
if(!validate103(data.nodeInfo)) return false;
{
if(data.images !== undefined){
let data11 = data.images;
if(!data11?.length){
return false;
}
{
if(Array.isArray(data11)){
const len2 = data11.length;
for(let i2=0; i2<len2; i2++){
if(!validate107(data11[i2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.volumesInUse !== undefined){
let data13 = data.volumesInUse;
if(!data13?.length){
return false;
}
{
if(Array.isArray(data13)){
const len3 = data13.length;
for(let i3=0; i3<len3; i3++){
if(typeof data13[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.volumesAttached !== undefined){
let data15 = data.volumesAttached;
if(!data15?.length){
return false;
}
{
if(Array.isArray(data15)){
const len4 = data15.length;
for(let i4=0; i4<len4; i4++){
if(!validate109(data15[i4])) return false;
}
}
else {
return false;
}
}
}
{
if(data.config !== undefined){
if(!validate111(data.config)) return false;
}
{
if(data.runtimeHandlers !== undefined){
let data18 = data.runtimeHandlers;
if(!data18?.length){
return false;
}
{
if(Array.isArray(data18)){
const len5 = data18.length;
for(let i5=0; i5<len5; i5++){
if(!validate116(data18[i5])) return false;
}
}
else {
return false;
}
}
}
{
if(data.features !== undefined){
if(!validate120(data.features)) return false;
}
{
if(data.declaredFeatures !== undefined){
let data21 = data.declaredFeatures;
if(!data21?.length){
return false;
}
{
if(Array.isArray(data21)){
const len6 = data21.length;
for(let i6=0; i6<len6; i6++){
if(typeof data21[i6] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate84(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate86(data.spec)) return false;
{
if(!validate94(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate123(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "path"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.path !== undefined){
let data2 = data.path;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema65 = { properties: {"gcePersistentDisk":0,"awsElasticBlockStore":0,"hostPath":0,"glusterfs":0,"nfs":0,"rbd":0,"iscsi":0,"cinder":0,"cephfs":0,"fc":0,"flocker":0,"flexVolume":0,"azureFile":0,"vsphereVolume":0,"quobyte":0,"azureDisk":0,"photonPersistentDisk":0,"portworxVolume":0,"scaleIO":0,"local":0,"storageos":0,"csi":0,"capacity":0,"accessModes":0,"claimRef":0,"persistentVolumeReclaimPolicy":0,"storageClassName":0,"mountOptions":0,"volumeMode":0,"nodeAffinity":0,"volumeAttributesClassName":0} };
function validate127(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pdName === undefined){
data.pdName = "";
}
for(const key0 in data){
if(!((((key0 === "pdName") || (key0 === "fsType")) || (key0 === "partition")) || (key0 === "readOnly"))){
return false;
}
}
{
if(typeof data.pdName !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.partition !== undefined){
let data2 = data.partition;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.readOnly !== undefined){
let data3 = data.readOnly;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate129(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.volumeID === undefined){
data.volumeID = "";
}
for(const key0 in data){
if(!((((key0 === "volumeID") || (key0 === "fsType")) || (key0 === "partition")) || (key0 === "readOnly"))){
return false;
}
}
{
if(typeof data.volumeID !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.partition !== undefined){
let data2 = data.partition;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.readOnly !== undefined){
let data3 = data.readOnly;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate131(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!((key0 === "path") || (key0 === "type"))){
return false;
}
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(data.type !== undefined){
if(typeof data.type !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate133(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.endpoints === undefined){
data.endpoints = "";
}
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!((((key0 === "endpoints") || (key0 === "path")) || (key0 === "readOnly")) || (key0 === "endpointsNamespace"))){
return false;
}
}
{
if(typeof data.endpoints !== "string"){
return false;
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.endpointsNamespace !== undefined){
if(typeof data.endpointsNamespace !== "string"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate135(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.server === undefined){
data.server = "";
}
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!(((key0 === "server") || (key0 === "path")) || (key0 === "readOnly"))){
return false;
}
}
{
if(typeof data.server !== "string"){
return false;
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate138(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "name") || (key0 === "namespace"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.namespace !== undefined){
let data1 = data.namespace;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate137(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.monitors === undefined){
data.monitors = [];
}
if(data.image === undefined){
data.image = "";
}
if(data.pool === undefined){
data.pool = "rbd";
}
if(data.user === undefined){
data.user = "admin";
}
if(data.keyring === undefined){
data.keyring = "/etc/ceph/keyring";
}
for(const key0 in data){
if(!((((((((key0 === "monitors") || (key0 === "image")) || (key0 === "fsType")) || (key0 === "pool")) || (key0 === "user")) || (key0 === "keyring")) || (key0 === "secretRef")) || (key0 === "readOnly"))){
return false;
}
}
{
let data0 = data.monitors;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(typeof data.image !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data3 = data.fsType;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
let data4 = data.pool;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
{
let data5 = data.user;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
{
let data6 = data.keyring;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
{
if(data.secretRef !== undefined){
if(!validate138(data.secretRef)) return false;
}
{
if(data.readOnly !== undefined){
let data8 = data.readOnly;
if(typeof data8 !== "boolean"){
return false;
}
if(data8 === false){
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema73 = { properties: {"targetPortal":0,"iqn":0,"lun":0,"iscsiInterface":0,"fsType":0,"readOnly":0,"portals":0,"chapAuthDiscovery":0,"chapAuthSession":0,"secretRef":0,"initiatorName":0} };
function validate141(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.targetPortal === undefined){
data.targetPortal = "";
}
if(data.iqn === undefined){
data.iqn = "";
}
if(data.lun === undefined){
data.lun = 0;
}
if(data.iscsiInterface === undefined){
data.iscsiInterface = "default";
}
for(const key0 in data){
if(!(func0.call(schema73.properties, key0))){
return false;
}
}
{
if(typeof data.targetPortal !== "string"){
return false;
}
{
if(typeof data.iqn !== "string"){
return false;
}
{
let data2 = data.lun;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
{
let data3 = data.iscsiInterface;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
{
if(data.fsType !== undefined){
let data4 = data.fsType;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data5 = data.readOnly;
if(typeof data5 !== "boolean"){
return false;
}
if(data5 === false){
return false;
}
}
{
if(data.portals !== undefined){
let data6 = data.portals;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(typeof data6[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.chapAuthDiscovery !== undefined){
let data8 = data.chapAuthDiscovery;
if(typeof data8 !== "boolean"){
return false;
}
if(data8 === false){
return false;
}
}
{
if(data.chapAuthSession !== undefined){
let data9 = data.chapAuthSession;
if(typeof data9 !== "boolean"){
return false;
}
if(data9 === false){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate138(data.secretRef)) return false;
}
{
if(data.initiatorName !== undefined){
if(typeof data.initiatorName !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate144(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.volumeID === undefined){
data.volumeID = "";
}
for(const key0 in data){
if(!((((key0 === "volumeID") || (key0 === "fsType")) || (key0 === "readOnly")) || (key0 === "secretRef"))){
return false;
}
}
{
if(typeof data.volumeID !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate138(data.secretRef)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate147(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.monitors === undefined){
data.monitors = [];
}
for(const key0 in data){
if(!((((((key0 === "monitors") || (key0 === "path")) || (key0 === "user")) || (key0 === "secretFile")) || (key0 === "secretRef")) || (key0 === "readOnly"))){
return false;
}
}
{
let data0 = data.monitors;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.path !== undefined){
let data2 = data.path;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.user !== undefined){
let data3 = data.user;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.secretFile !== undefined){
let data4 = data.secretFile;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate138(data.secretRef)) return false;
}
{
if(data.readOnly !== undefined){
let data6 = data.readOnly;
if(typeof data6 !== "boolean"){
return false;
}
if(data6 === false){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate150(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "targetWWNs") || (key0 === "lun")) || (key0 === "fsType")) || (key0 === "readOnly")) || (key0 === "wwids"))){
return false;
}
}
{
if(data.targetWWNs !== undefined){
let data0 = data.targetWWNs;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.lun !== undefined){
let data2 = data.lun;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.fsType !== undefined){
let data3 = data.fsType;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data4 = data.readOnly;
if(typeof data4 !== "boolean"){
return false;
}
if(data4 === false){
return false;
}
}
{
if(data.wwids !== undefined){
let data5 = data.wwids;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(typeof data5[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate152(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "datasetName") || (key0 === "datasetUUID"))){
return false;
}
}
{
if(data.datasetName !== undefined){
let data0 = data.datasetName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.datasetUUID !== undefined){
let data1 = data.datasetUUID;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate154(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.driver === undefined){
data.driver = "";
}
for(const key0 in data){
if(!(((((key0 === "driver") || (key0 === "fsType")) || (key0 === "secretRef")) || (key0 === "readOnly")) || (key0 === "options"))){
return false;
}
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate138(data.secretRef)) return false;
}
{
if(data.readOnly !== undefined){
let data3 = data.readOnly;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.options !== undefined){
let data4 = data.options;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(typeof data4[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate157(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.secretName === undefined){
data.secretName = "";
}
if(data.shareName === undefined){
data.shareName = "";
}
let missing0;
if((data.secretNamespace === undefined) && (missing0 = "secretNamespace")){
return false;
}
else {
for(const key0 in data){
if(!((((key0 === "secretName") || (key0 === "shareName")) || (key0 === "readOnly")) || (key0 === "secretNamespace"))){
return false;
}
}
{
if(typeof data.secretName !== "string"){
return false;
}
{
if(typeof data.shareName !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.secretNamespace !== undefined){
if(typeof data.secretNamespace !== "string"){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate159(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.volumePath === undefined){
data.volumePath = "";
}
for(const key0 in data){
if(!((((key0 === "volumePath") || (key0 === "fsType")) || (key0 === "storagePolicyName")) || (key0 === "storagePolicyID"))){
return false;
}
}
{
if(typeof data.volumePath !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.storagePolicyName !== undefined){
let data2 = data.storagePolicyName;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.storagePolicyID !== undefined){
let data3 = data.storagePolicyID;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate161(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.registry === undefined){
data.registry = "";
}
if(data.volume === undefined){
data.volume = "";
}
for(const key0 in data){
if(!((((((key0 === "registry") || (key0 === "volume")) || (key0 === "readOnly")) || (key0 === "user")) || (key0 === "group")) || (key0 === "tenant"))){
return false;
}
}
{
if(typeof data.registry !== "string"){
return false;
}
{
if(typeof data.volume !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.user !== undefined){
let data3 = data.user;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.group !== undefined){
let data4 = data.group;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.tenant !== undefined){
let data5 = data.tenant;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate163(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.diskName === undefined){
data.diskName = "";
}
if(data.diskURI === undefined){
data.diskURI = "";
}
if(data.cachingMode === undefined){
data.cachingMode = "ReadWrite";
}
if(data.fsType === undefined){
data.fsType = "ext4";
}
if(data.readOnly === undefined){
data.readOnly = false;
}
if(data.kind === undefined){
data.kind = "Shared";
}
for(const key0 in data){
if(!((((((key0 === "diskName") || (key0 === "diskURI")) || (key0 === "cachingMode")) || (key0 === "fsType")) || (key0 === "readOnly")) || (key0 === "kind"))){
return false;
}
}
{
if(typeof data.diskName !== "string"){
return false;
}
{
if(typeof data.diskURI !== "string"){
return false;
}
{
if(typeof data.cachingMode !== "string"){
return false;
}
{
if(typeof data.fsType !== "string"){
return false;
}
{
if(typeof data.readOnly !== "boolean"){
return false;
}
{
if(typeof data.kind !== "string"){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate165(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pdID === undefined){
data.pdID = "";
}
for(const key0 in data){
if(!((key0 === "pdID") || (key0 === "fsType"))){
return false;
}
}
{
if(typeof data.pdID !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate167(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.volumeID === undefined){
data.volumeID = "";
}
for(const key0 in data){
if(!(((key0 === "volumeID") || (key0 === "fsType")) || (key0 === "readOnly"))){
return false;
}
}
{
if(typeof data.volumeID !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema85 = { properties: {"gateway":0,"system":0,"secretRef":0,"sslEnabled":0,"protectionDomain":0,"storagePool":0,"storageMode":0,"volumeName":0,"fsType":0,"readOnly":0} };
function validate169(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.gateway === undefined){
data.gateway = "";
}
if(data.system === undefined){
data.system = "";
}
if(data.storageMode === undefined){
data.storageMode = "ThinProvisioned";
}
if(data.fsType === undefined){
data.fsType = "xfs";
}
for(const key0 in data){
if(!(func0.call(schema85.properties, key0))){
return false;
}
}
{
if(typeof data.gateway !== "string"){
return false;
}
{
if(typeof data.system !== "string"){
return false;
}
{
if(data.secretRef !== undefined){
if(!validate138(data.secretRef)) return false;
}
{
if(data.sslEnabled !== undefined){
let data3 = data.sslEnabled;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.protectionDomain !== undefined){
let data4 = data.protectionDomain;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.storagePool !== undefined){
let data5 = data.storagePool;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
let data6 = data.storageMode;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
{
if(data.volumeName !== undefined){
let data7 = data.volumeName;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
let data8 = data.fsType;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
{
if(data.readOnly !== undefined){
let data9 = data.readOnly;
if(typeof data9 !== "boolean"){
return false;
}
if(data9 === false){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate172(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!((key0 === "path") || (key0 === "fsType"))){
return false;
}
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(data.fsType !== undefined){
if(typeof data.fsType !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate174(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "volumeName") || (key0 === "volumeNamespace")) || (key0 === "fsType")) || (key0 === "readOnly")) || (key0 === "secretRef"))){
return false;
}
}
{
if(data.volumeName !== undefined){
let data0 = data.volumeName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.volumeNamespace !== undefined){
let data1 = data.volumeNamespace;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.fsType !== undefined){
let data2 = data.fsType;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data3 = data.readOnly;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate44(data.secretRef)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema88 = { properties: {"driver":0,"volumeHandle":0,"readOnly":0,"fsType":0,"volumeAttributes":0,"controllerPublishSecretRef":0,"nodeStageSecretRef":0,"nodePublishSecretRef":0,"controllerExpandSecretRef":0,"nodeExpandSecretRef":0} };
function validate177(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.driver === undefined){
data.driver = "";
}
if(data.volumeHandle === undefined){
data.volumeHandle = "";
}
for(const key0 in data){
if(!(func0.call(schema88.properties, key0))){
return false;
}
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(typeof data.volumeHandle !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.fsType !== undefined){
let data3 = data.fsType;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.volumeAttributes !== undefined){
let data4 = data.volumeAttributes;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(typeof data4[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.controllerPublishSecretRef !== undefined){
if(!validate138(data.controllerPublishSecretRef)) return false;
}
{
if(data.nodeStageSecretRef !== undefined){
if(!validate138(data.nodeStageSecretRef)) return false;
}
{
if(data.nodePublishSecretRef !== undefined){
if(!validate138(data.nodePublishSecretRef)) return false;
}
{
if(data.controllerExpandSecretRef !== undefined){
if(!validate138(data.controllerExpandSecretRef)) return false;
}
{
if(data.nodeExpandSecretRef !== undefined){
if(!validate138(data.nodeExpandSecretRef)) return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate188(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.operator === undefined){
data.operator = "";
}
for(const key0 in data){
if(!(((key0 === "key") || (key0 === "operator")) || (key0 === "values"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(typeof data.operator !== "string"){
return false;
}
{
if(data.values !== undefined){
let data2 = data.values;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate187(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "matchExpressions") || (key0 === "matchFields"))){
return false;
}
}
{
if(data.matchExpressions !== undefined){
let data0 = data.matchExpressions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate188(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.matchFields !== undefined){
let data2 = data.matchFields;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate188(data2[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate186(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.nodeSelectorTerms === undefined){
data.nodeSelectorTerms = [];
}
for(const key0 in data){
if(!(key0 === "nodeSelectorTerms")){
return false;
}
}
{
let data0 = data.nodeSelectorTerms;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate187(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate185(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "required")){
return false;
}
}
{
if(data.required !== undefined){
if(!validate186(data.required)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate126(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema65.properties, key0))){
return false;
}
}
{
if(data.gcePersistentDisk !== undefined){
if(!validate127(data.gcePersistentDisk)) return false;
}
{
if(data.awsElasticBlockStore !== undefined){
if(!validate129(data.awsElasticBlockStore)) return false;
}
{
if(data.hostPath !== undefined){
if(!validate131(data.hostPath)) return false;
}
{
if(data.glusterfs !== undefined){
if(!validate133(data.glusterfs)) return false;
}
{
if(data.nfs !== undefined){
if(!validate135(data.nfs)) return false;
}
{
if(data.rbd !== undefined){
if(!validate137(data.rbd)) return false;
}
{
if(data.iscsi !== undefined){
if(!validate141(data.iscsi)) return false;
}
{
if(data.cinder !== undefined){
if(!validate144(data.cinder)) return false;
}
{
if(data.cephfs !== undefined){
if(!validate147(data.cephfs)) return false;
}
{
if(data.fc !== undefined){
if(!validate150(data.fc)) return false;
}
{
if(data.flocker !== undefined){
if(!validate152(data.flocker)) return false;
}
{
if(data.flexVolume !== undefined){
if(!validate154(data.flexVolume)) return false;
}
{
if(data.azureFile !== undefined){
if(!validate157(data.azureFile)) return false;
}
{
if(data.vsphereVolume !== undefined){
if(!validate159(data.vsphereVolume)) return false;
}
{
if(data.quobyte !== undefined){
if(!validate161(data.quobyte)) return false;
}
{
if(data.azureDisk !== undefined){
if(!validate163(data.azureDisk)) return false;
}
{
if(data.photonPersistentDisk !== undefined){
if(!validate165(data.photonPersistentDisk)) return false;
}
{
if(data.portworxVolume !== undefined){
if(!validate167(data.portworxVolume)) return false;
}
{
if(data.scaleIO !== undefined){
if(!validate169(data.scaleIO)) return false;
}
{
if(data.local !== undefined){
if(!validate172(data.local)) return false;
}
{
if(data.storageos !== undefined){
if(!validate174(data.storageos)) return false;
}
{
if(data.csi !== undefined){
if(!validate177(data.csi)) return false;
}
{
if(data.capacity !== undefined){
let data22 = data.capacity;
if(isEmpty(data22)){
return false;
}
{
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
for(const key1 in data22){
let data23 = data22[key1];
const text0 = quantityText(data23);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data23){
data22[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.accessModes !== undefined){
let data24 = data.accessModes;
if(!data24?.length){
return false;
}
{
if(Array.isArray(data24)){
const len0 = data24.length;
for(let i0=0; i0<len0; i0++){
if(typeof data24[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.claimRef !== undefined){
if(!validate44(data.claimRef)) return false;
}
{
if(data.persistentVolumeReclaimPolicy !== undefined){
let data27 = data.persistentVolumeReclaimPolicy;
if(typeof data27 !== "string"){
return false;
}
if(data27 === ""){
return false;
}
}
{
if(data.storageClassName !== undefined){
let data28 = data.storageClassName;
if(typeof data28 !== "string"){
return false;
}
if(data28 === ""){
return false;
}
}
{
if(data.mountOptions !== undefined){
let data29 = data.mountOptions;
if(!data29?.length){
return false;
}
{
if(Array.isArray(data29)){
const len1 = data29.length;
for(let i1=0; i1<len1; i1++){
if(typeof data29[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.volumeMode !== undefined){
if(typeof data.volumeMode !== "string"){
return false;
}
}
{
if(data.nodeAffinity !== undefined){
if(!validate185(data.nodeAffinity)) return false;
}
{
if(data.volumeAttributesClassName !== undefined){
if(typeof data.volumeAttributesClassName !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate195(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "phase") || (key0 === "message")) || (key0 === "reason")) || (key0 === "lastPhaseTransitionTime"))){
return false;
}
}
{
if(data.phase !== undefined){
let data0 = data.phase;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data1 = data.message;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.reason !== undefined){
let data2 = data.reason;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.lastPhaseTransitionTime !== undefined){
let data3 = data.lastPhaseTransitionTime;
const text0 = timeText(data3);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data3){
data["lastPhaseTransitionTime"] = text0;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate124(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate126(data.spec)) return false;
{
if(!validate195(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema95 = { properties: {"accessModes":0,"selector":0,"resources":0,"volumeName":0,"storageClassName":0,"volumeMode":0,"dataSource":0,"dataSourceRef":0,"volumeAttributesClassName":0} };
function validate201(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.operator === undefined){
data.operator = "";
}
for(const key0 in data){
if(!(((key0 === "key") || (key0 === "operator")) || (key0 === "values"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(typeof data.operator !== "string"){
return false;
}
{
if(data.values !== undefined){
let data2 = data.values;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate200(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "matchLabels") || (key0 === "matchExpressions"))){
return false;
}
}
{
if(data.matchLabels !== undefined){
let data0 = data.matchLabels;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(typeof data0[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.matchExpressions !== undefined){
let data2 = data.matchExpressions;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate201(data2[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate204(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "limits") || (key0 === "requests"))){
return false;
}
}
{
if(data.limits !== undefined){
let data0 = data.limits;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
let data1 = data0[key1];
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data0[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.requests !== undefined){
let data2 = data.requests;
if(isEmpty(data2)){
return false;
}
{
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key2 in data2){
let data3 = data2[key2];
const text1 = quantityText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data2[key2] = text1;
}
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate206(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
let missing0;
if((data.apiGroup === undefined) && (missing0 = "apiGroup")){
return false;
}
else {
for(const key0 in data){
if(!(((key0 === "apiGroup") || (key0 === "kind")) || (key0 === "name"))){
return false;
}
}
{
if(data.apiGroup !== undefined){
if(typeof data.apiGroup !== "string"){
return false;
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate208(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
let missing0;
if((data.apiGroup === undefined) && (missing0 = "apiGroup")){
return false;
}
else {
for(const key0 in data){
if(!((((key0 === "apiGroup") || (key0 === "kind")) || (key0 === "name")) || (key0 === "namespace"))){
return false;
}
}
{
if(data.apiGroup !== undefined){
if(typeof data.apiGroup !== "string"){
return false;
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.namespace !== undefined){
if(typeof data.namespace !== "string"){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate199(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.resources === undefined){
data.resources = {};
}
for(const key0 in data){
if(!(func0.call(schema95.properties, key0))){
return false;
}
}
{
if(data.accessModes !== undefined){
let data0 = data.accessModes;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(!validate204(data.resources)) return false;
{
if(data.volumeName !== undefined){
let data4 = data.volumeName;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.storageClassName !== undefined){
if(typeof data.storageClassName !== "string"){
return false;
}
}
{
if(data.volumeMode !== undefined){
if(typeof data.volumeMode !== "string"){
return false;
}
}
{
if(data.dataSource !== undefined){
if(!validate206(data.dataSource)) return false;
}
{
if(data.dataSourceRef !== undefined){
if(!validate208(data.dataSourceRef)) return false;
}
{
if(data.volumeAttributesClassName !== undefined){
if(typeof data.volumeAttributesClassName !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate212(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastProbeTime === undefined){
data.lastProbeTime = null;
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "status")) || (key0 === "lastProbeTime")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastProbeTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastProbeTime"] = text0;
}
}
{
let data3 = data.lastTransitionTime;
const text1 = timeOrNullText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data["lastTransitionTime"] = text1;
}
}
{
if(data.reason !== undefined){
let data4 = data.reason;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data5 = data.message;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate214(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.status === undefined){
data.status = "";
}
for(const key0 in data){
if(!((key0 === "targetVolumeAttributesClassName") || (key0 === "status"))){
return false;
}
}
{
if(data.targetVolumeAttributesClassName !== undefined){
let data0 = data.targetVolumeAttributesClassName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(typeof data.status !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate211(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((((key0 === "phase") || (key0 === "accessModes")) || (key0 === "capacity")) || (key0 === "conditions")) || (key0 === "allocatedResources")) || (key0 === "allocatedResourceStatuses")) || (key0 === "currentVolumeAttributesClassName")) || (key0 === "modifyVolumeStatus"))){
return false;
}
}
{
if(data.phase !== undefined){
let data0 = data.phase;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.accessModes !== undefined){
let data1 = data.accessModes;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.capacity !== undefined){
let data3 = data.capacity;
if(isEmpty(data3)){
return false;
}
{
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key1 in data3){
let data4 = data3[key1];
const text0 = quantityText(data4);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data4){
data3[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.conditions !== undefined){
let data5 = data.conditions;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(!validate212(data5[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.allocatedResources !== undefined){
let data7 = data.allocatedResources;
if(isEmpty(data7)){
return false;
}
{
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
for(const key2 in data7){
let data8 = data7[key2];
const text1 = quantityText(data8);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data8){
data7[key2] = text1;
}
}
}
}
else {
return false;
}
}
}
{
if(data.allocatedResourceStatuses !== undefined){
let data9 = data.allocatedResourceStatuses;
if(isEmpty(data9)){
return false;
}
{
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key3 in data9){
if(typeof data9[key3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.currentVolumeAttributesClassName !== undefined){
if(typeof data.currentVolumeAttributesClassName !== "string"){
return false;
}
}
{
if(data.modifyVolumeStatus !== undefined){
if(!validate214(data.modifyVolumeStatus)) return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate197(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate199(data.spec)) return false;
{
if(!validate211(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema105 = { properties: {"volumes":0,"initContainers":0,"containers":0,"ephemeralContainers":0,"restartPolicy":0,"terminationGracePeriodSeconds":0,"activeDeadlineSeconds":0,"dnsPolicy":0,"nodeSelector":0,"serviceAccountName":0,"serviceAccount":0,"automountServiceAccountToken":0,"nodeName":0,"hostNetwork":0,"hostPID":0,"hostIPC":0,"shareProcessNamespace":0,"securityContext":0,"imagePullSecrets":0,"hostname":0,"subdomain":0,"affinity":0,"schedulerName":0,"tolerations":0,"hostAliases":0,"priorityClassName":0,"priority":0,"dnsConfig":0,"readinessGates":0,"runtimeClassName":0,"enableServiceLinks":0,"preemptionPolicy":0,"overhead":0,"topologySpreadConstraints":0,"setHostnameAsFQDN":0,"os":0,"hostUsers":0,"schedulingGates":0,"resourceClaims":0,"resources":0,"hostnameOverride":0,"schedulingGroup":0} };
const schema106 = { properties: {"hostPath":0,"emptyDir":0,"gcePersistentDisk":0,"awsElasticBlockStore":0,"gitRepo":0,"secret":0,"nfs":0,"iscsi":0,"glusterfs":0,"persistentVolumeClaim":0,"rbd":0,"flexVolume":0,"cinder":0,"cephfs":0,"flocker":0,"downwardAPI":0,"fc":0,"azureFile":0,"configMap":0,"vsphereVolume":0,"quobyte":0,"azureDisk":0,"photonPersistentDisk":0,"projected":0,"portworxVolume":0,"scaleIO":0,"storageos":0,"csi":0,"ephemeral":0,"image":0,"name":0} };
function validate222(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "medium") || (key0 === "sizeLimit"))){
return false;
}
}
{
if(data.medium !== undefined){
let data0 = data.medium;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.sizeLimit !== undefined){
let data1 = data.sizeLimit;
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["sizeLimit"] = text0;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate226(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.repository === undefined){
data.repository = "";
}
for(const key0 in data){
if(!(((key0 === "repository") || (key0 === "revision")) || (key0 === "directory"))){
return false;
}
}
{
if(typeof data.repository !== "string"){
return false;
}
{
if(data.revision !== undefined){
let data1 = data.revision;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.directory !== undefined){
let data2 = data.directory;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate229(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!(((key0 === "key") || (key0 === "path")) || (key0 === "mode"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(data.mode !== undefined){
let data2 = data.mode;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate228(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "secretName") || (key0 === "items")) || (key0 === "defaultMode")) || (key0 === "optional"))){
return false;
}
}
{
if(data.secretName !== undefined){
let data0 = data.secretName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.items !== undefined){
let data1 = data.items;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate229(data1[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.defaultMode !== undefined){
let data3 = data.defaultMode;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema111 = { properties: {"targetPortal":0,"iqn":0,"lun":0,"iscsiInterface":0,"fsType":0,"readOnly":0,"portals":0,"chapAuthDiscovery":0,"chapAuthSession":0,"secretRef":0,"initiatorName":0} };
function validate234(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate233(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.targetPortal === undefined){
data.targetPortal = "";
}
if(data.iqn === undefined){
data.iqn = "";
}
if(data.lun === undefined){
data.lun = 0;
}
if(data.iscsiInterface === undefined){
data.iscsiInterface = "default";
}
for(const key0 in data){
if(!(func0.call(schema111.properties, key0))){
return false;
}
}
{
if(typeof data.targetPortal !== "string"){
return false;
}
{
if(typeof data.iqn !== "string"){
return false;
}
{
let data2 = data.lun;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
{
let data3 = data.iscsiInterface;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
{
if(data.fsType !== undefined){
let data4 = data.fsType;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data5 = data.readOnly;
if(typeof data5 !== "boolean"){
return false;
}
if(data5 === false){
return false;
}
}
{
if(data.portals !== undefined){
let data6 = data.portals;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(typeof data6[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.chapAuthDiscovery !== undefined){
let data8 = data.chapAuthDiscovery;
if(typeof data8 !== "boolean"){
return false;
}
if(data8 === false){
return false;
}
}
{
if(data.chapAuthSession !== undefined){
let data9 = data.chapAuthSession;
if(typeof data9 !== "boolean"){
return false;
}
if(data9 === false){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate234(data.secretRef)) return false;
}
{
if(data.initiatorName !== undefined){
if(typeof data.initiatorName !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate237(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.endpoints === undefined){
data.endpoints = "";
}
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!(((key0 === "endpoints") || (key0 === "path")) || (key0 === "readOnly"))){
return false;
}
}
{
if(typeof data.endpoints !== "string"){
return false;
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate239(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.claimName === undefined){
data.claimName = "";
}
for(const key0 in data){
if(!((key0 === "claimName") || (key0 === "readOnly"))){
return false;
}
}
{
if(typeof data.claimName !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data1 = data.readOnly;
if(typeof data1 !== "boolean"){
return false;
}
if(data1 === false){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate241(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.monitors === undefined){
data.monitors = [];
}
if(data.image === undefined){
data.image = "";
}
if(data.pool === undefined){
data.pool = "rbd";
}
if(data.user === undefined){
data.user = "admin";
}
if(data.keyring === undefined){
data.keyring = "/etc/ceph/keyring";
}
for(const key0 in data){
if(!((((((((key0 === "monitors") || (key0 === "image")) || (key0 === "fsType")) || (key0 === "pool")) || (key0 === "user")) || (key0 === "keyring")) || (key0 === "secretRef")) || (key0 === "readOnly"))){
return false;
}
}
{
let data0 = data.monitors;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(typeof data.image !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data3 = data.fsType;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
let data4 = data.pool;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
{
let data5 = data.user;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
{
let data6 = data.keyring;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
{
if(data.secretRef !== undefined){
if(!validate234(data.secretRef)) return false;
}
{
if(data.readOnly !== undefined){
let data8 = data.readOnly;
if(typeof data8 !== "boolean"){
return false;
}
if(data8 === false){
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate244(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.driver === undefined){
data.driver = "";
}
for(const key0 in data){
if(!(((((key0 === "driver") || (key0 === "fsType")) || (key0 === "secretRef")) || (key0 === "readOnly")) || (key0 === "options"))){
return false;
}
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate234(data.secretRef)) return false;
}
{
if(data.readOnly !== undefined){
let data3 = data.readOnly;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.options !== undefined){
let data4 = data.options;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(typeof data4[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate247(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.volumeID === undefined){
data.volumeID = "";
}
for(const key0 in data){
if(!((((key0 === "volumeID") || (key0 === "fsType")) || (key0 === "readOnly")) || (key0 === "secretRef"))){
return false;
}
}
{
if(typeof data.volumeID !== "string"){
return false;
}
{
if(data.fsType !== undefined){
let data1 = data.fsType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate234(data.secretRef)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate250(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.monitors === undefined){
data.monitors = [];
}
for(const key0 in data){
if(!((((((key0 === "monitors") || (key0 === "path")) || (key0 === "user")) || (key0 === "secretFile")) || (key0 === "secretRef")) || (key0 === "readOnly"))){
return false;
}
}
{
let data0 = data.monitors;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.path !== undefined){
let data2 = data.path;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.user !== undefined){
let data3 = data.user;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.secretFile !== undefined){
let data4 = data.secretFile;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate234(data.secretRef)) return false;
}
{
if(data.readOnly !== undefined){
let data6 = data.readOnly;
if(typeof data6 !== "boolean"){
return false;
}
if(data6 === false){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate256(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.fieldPath === undefined){
data.fieldPath = "";
}
for(const key0 in data){
if(!((key0 === "apiVersion") || (key0 === "fieldPath"))){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(typeof data.fieldPath !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate258(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.resource === undefined){
data.resource = "";
}
if(data.divisor === undefined){
data.divisor = "0";
}
for(const key0 in data){
if(!(((key0 === "containerName") || (key0 === "resource")) || (key0 === "divisor"))){
return false;
}
}
{
if(data.containerName !== undefined){
let data0 = data.containerName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(typeof data.resource !== "string"){
return false;
}
{
let data2 = data.divisor;
const text0 = quantityText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["divisor"] = text0;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate255(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!((((key0 === "path") || (key0 === "fieldRef")) || (key0 === "resourceFieldRef")) || (key0 === "mode"))){
return false;
}
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(data.fieldRef !== undefined){
if(!validate256(data.fieldRef)) return false;
}
{
if(data.resourceFieldRef !== undefined){
if(!validate258(data.resourceFieldRef)) return false;
}
{
if(data.mode !== undefined){
let data3 = data.mode;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate254(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "items") || (key0 === "defaultMode"))){
return false;
}
}
{
if(data.items !== undefined){
let data0 = data.items;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate255(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.defaultMode !== undefined){
let data2 = data.defaultMode;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate263(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.secretName === undefined){
data.secretName = "";
}
if(data.shareName === undefined){
data.shareName = "";
}
for(const key0 in data){
if(!(((key0 === "secretName") || (key0 === "shareName")) || (key0 === "readOnly"))){
return false;
}
}
{
if(typeof data.secretName !== "string"){
return false;
}
{
if(typeof data.shareName !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate265(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "items")) || (key0 === "defaultMode")) || (key0 === "optional"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.items !== undefined){
let data1 = data.items;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate229(data1[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.defaultMode !== undefined){
let data3 = data.defaultMode;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema125 = { properties: {"sources":0,"defaultMode":0} };
function validate274(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "items")) || (key0 === "optional"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.items !== undefined){
let data1 = data.items;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate229(data1[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate277(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "items")){
return false;
}
}
{
if(data.items !== undefined){
let data0 = data.items;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate255(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate280(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "items")) || (key0 === "optional"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.items !== undefined){
let data1 = data.items;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate229(data1[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate283(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!(((key0 === "audience") || (key0 === "expirationSeconds")) || (key0 === "path"))){
return false;
}
}
{
if(data.audience !== undefined){
let data0 = data.audience;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.expirationSeconds !== undefined){
let data1 = data.expirationSeconds;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 9007199254740991 || isNaN(data1)){
return false;
}
else {
if(data1 < -9007199254740991 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(typeof data.path !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate285(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.path === undefined){
data.path = "";
}
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "signerName")) || (key0 === "labelSelector")) || (key0 === "optional")) || (key0 === "path"))){
return false;
}
}
{
if(data.name !== undefined){
if(typeof data.name !== "string"){
return false;
}
}
{
if(data.signerName !== undefined){
if(typeof data.signerName !== "string"){
return false;
}
}
{
if(data.labelSelector !== undefined){
if(!validate200(data.labelSelector)) return false;
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
{
if(typeof data.path !== "string"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate288(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "signerName") || (key0 === "keyType")) || (key0 === "maxExpirationSeconds")) || (key0 === "credentialBundlePath")) || (key0 === "keyPath")) || (key0 === "certificateChainPath")) || (key0 === "userAnnotations"))){
return false;
}
}
{
if(data.signerName !== undefined){
let data0 = data.signerName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.keyType !== undefined){
let data1 = data.keyType;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.maxExpirationSeconds !== undefined){
let data2 = data.maxExpirationSeconds;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.credentialBundlePath !== undefined){
let data3 = data.credentialBundlePath;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.keyPath !== undefined){
let data4 = data.keyPath;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.certificateChainPath !== undefined){
let data5 = data.certificateChainPath;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.userAnnotations !== undefined){
let data6 = data.userAnnotations;
if(isEmpty(data6)){
return false;
}
{
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
if(typeof data6[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate273(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "secret") || (key0 === "downwardAPI")) || (key0 === "configMap")) || (key0 === "serviceAccountToken")) || (key0 === "clusterTrustBundle")) || (key0 === "podCertificate"))){
return false;
}
}
{
if(data.secret !== undefined){
if(!validate274(data.secret)) return false;
}
{
if(data.downwardAPI !== undefined){
if(!validate277(data.downwardAPI)) return false;
}
{
if(data.configMap !== undefined){
if(!validate280(data.configMap)) return false;
}
{
if(data.serviceAccountToken !== undefined){
if(!validate283(data.serviceAccountToken)) return false;
}
{
if(data.clusterTrustBundle !== undefined){
if(!validate285(data.clusterTrustBundle)) return false;
}
{
if(data.podCertificate !== undefined){
if(!validate288(data.podCertificate)) return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate272(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.sources === undefined){
data.sources = null;
}
for(const key0 in data){
if(!((key0 === "sources") || (key0 === "defaultMode"))){
return false;
}
}
{
let data0 = data.sources;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["sources"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate273(data0[i0])) return false;
}
}
}
{
if(data.defaultMode !== undefined){
let data2 = data.defaultMode;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema133 = { properties: {"gateway":0,"system":0,"secretRef":0,"sslEnabled":0,"protectionDomain":0,"storagePool":0,"storageMode":0,"volumeName":0,"fsType":0,"readOnly":0} };
function validate293(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.gateway === undefined){
data.gateway = "";
}
if(data.system === undefined){
data.system = "";
}
if(data.storageMode === undefined){
data.storageMode = "ThinProvisioned";
}
if(data.fsType === undefined){
data.fsType = "xfs";
}
for(const key0 in data){
if(!(func0.call(schema133.properties, key0))){
return false;
}
}
{
if(typeof data.gateway !== "string"){
return false;
}
{
if(typeof data.system !== "string"){
return false;
}
{
if(data.secretRef !== undefined){
if(!validate234(data.secretRef)) return false;
}
{
if(data.sslEnabled !== undefined){
let data3 = data.sslEnabled;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.protectionDomain !== undefined){
let data4 = data.protectionDomain;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.storagePool !== undefined){
let data5 = data.storagePool;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
let data6 = data.storageMode;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
{
if(data.volumeName !== undefined){
let data7 = data.volumeName;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
let data8 = data.fsType;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
{
if(data.readOnly !== undefined){
let data9 = data.readOnly;
if(typeof data9 !== "boolean"){
return false;
}
if(data9 === false){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate296(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "volumeName") || (key0 === "volumeNamespace")) || (key0 === "fsType")) || (key0 === "readOnly")) || (key0 === "secretRef"))){
return false;
}
}
{
if(data.volumeName !== undefined){
let data0 = data.volumeName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.volumeNamespace !== undefined){
let data1 = data.volumeNamespace;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.fsType !== undefined){
let data2 = data.fsType;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.readOnly !== undefined){
let data3 = data.readOnly;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.secretRef !== undefined){
if(!validate234(data.secretRef)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate299(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.driver === undefined){
data.driver = "";
}
for(const key0 in data){
if(!(((((key0 === "driver") || (key0 === "readOnly")) || (key0 === "fsType")) || (key0 === "volumeAttributes")) || (key0 === "nodePublishSecretRef"))){
return false;
}
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
if(typeof data.readOnly !== "boolean"){
return false;
}
}
{
if(data.fsType !== undefined){
if(typeof data.fsType !== "string"){
return false;
}
}
{
if(data.volumeAttributes !== undefined){
let data3 = data.volumeAttributes;
if(isEmpty(data3)){
return false;
}
{
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key1 in data3){
if(typeof data3[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.nodePublishSecretRef !== undefined){
if(!validate234(data.nodePublishSecretRef)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate303(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((key0 === "metadata") || (key0 === "spec"))){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate199(data.spec)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate302(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "volumeClaimTemplate")){
return false;
}
}
{
if(data.volumeClaimTemplate !== undefined){
if(!validate303(data.volumeClaimTemplate)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate308(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "reference") || (key0 === "pullPolicy"))){
return false;
}
}
{
if(data.reference !== undefined){
let data0 = data.reference;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.pullPolicy !== undefined){
let data1 = data.pullPolicy;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate220(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(func0.call(schema106.properties, key0))){
return false;
}
}
{
if(data.hostPath !== undefined){
if(!validate131(data.hostPath)) return false;
}
{
if(data.emptyDir !== undefined){
if(!validate222(data.emptyDir)) return false;
}
{
if(data.gcePersistentDisk !== undefined){
if(!validate127(data.gcePersistentDisk)) return false;
}
{
if(data.awsElasticBlockStore !== undefined){
if(!validate129(data.awsElasticBlockStore)) return false;
}
{
if(data.gitRepo !== undefined){
if(!validate226(data.gitRepo)) return false;
}
{
if(data.secret !== undefined){
if(!validate228(data.secret)) return false;
}
{
if(data.nfs !== undefined){
if(!validate135(data.nfs)) return false;
}
{
if(data.iscsi !== undefined){
if(!validate233(data.iscsi)) return false;
}
{
if(data.glusterfs !== undefined){
if(!validate237(data.glusterfs)) return false;
}
{
if(data.persistentVolumeClaim !== undefined){
if(!validate239(data.persistentVolumeClaim)) return false;
}
{
if(data.rbd !== undefined){
if(!validate241(data.rbd)) return false;
}
{
if(data.flexVolume !== undefined){
if(!validate244(data.flexVolume)) return false;
}
{
if(data.cinder !== undefined){
if(!validate247(data.cinder)) return false;
}
{
if(data.cephfs !== undefined){
if(!validate250(data.cephfs)) return false;
}
{
if(data.flocker !== undefined){
if(!validate152(data.flocker)) return false;
}
{
if(data.downwardAPI !== undefined){
if(!validate254(data.downwardAPI)) return false;
}
{
if(data.fc !== undefined){
if(!validate150(data.fc)) return false;
}
{
if(data.azureFile !== undefined){
if(!validate263(data.azureFile)) return false;
}
{
if(data.configMap !== undefined){
if(!validate265(data.configMap)) return false;
}
{
if(data.vsphereVolume !== undefined){
if(!validate159(data.vsphereVolume)) return false;
}
{
if(data.quobyte !== undefined){
if(!validate161(data.quobyte)) return false;
}
{
if(data.azureDisk !== undefined){
if(!validate163(data.azureDisk)) return false;
}
{
if(data.photonPersistentDisk !== undefined){
if(!validate165(data.photonPersistentDisk)) return false;
}
{
if(data.projected !== undefined){
if(!validate272(data.projected)) return false;
}
{
if(data.portworxVolume !== undefined){
if(!validate167(data.portworxVolume)) return false;
}
{
if(data.scaleIO !== undefined){
if(!validate293(data.scaleIO)) return false;
}
{
if(data.storageos !== undefined){
if(!validate296(data.storageos)) return false;
}
{
if(data.csi !== undefined){
if(!validate299(data.csi)) return false;
}
{
if(data.ephemeral !== undefined){
if(!validate302(data.ephemeral)) return false;
}
{
if(data.image !== undefined){
if(!validate308(data.image)) return false;
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema139 = { properties: {"name":0,"image":0,"command":0,"args":0,"workingDir":0,"ports":0,"envFrom":0,"env":0,"resources":0,"resizePolicy":0,"restartPolicy":0,"restartPolicyRules":0,"volumeMounts":0,"volumeDevices":0,"livenessProbe":0,"readinessProbe":0,"startupProbe":0,"lifecycle":0,"terminationMessagePath":0,"terminationMessagePolicy":0,"imagePullPolicy":0,"securityContext":0,"stdin":0,"stdinOnce":0,"tty":0} };
function validate312(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.containerPort === undefined){
data.containerPort = 0;
}
if(data.protocol === undefined){
data.protocol = "TCP";
}
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "hostPort")) || (key0 === "containerPort")) || (key0 === "protocol")) || (key0 === "hostIP"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.hostPort !== undefined){
let data1 = data.hostPort;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
let data2 = data.containerPort;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
{
let data3 = data.protocol;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
{
if(data.hostIP !== undefined){
let data4 = data.hostIP;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate315(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "name") || (key0 === "optional"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate317(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "name") || (key0 === "optional"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate314(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "prefix") || (key0 === "configMapRef")) || (key0 === "secretRef"))){
return false;
}
}
{
if(data.prefix !== undefined){
let data0 = data.prefix;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.configMapRef !== undefined){
if(!validate315(data.configMapRef)) return false;
}
{
if(data.secretRef !== undefined){
if(!validate317(data.secretRef)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate324(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "key")) || (key0 === "optional"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate326(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "key")) || (key0 === "optional"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(data.optional !== undefined){
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate328(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.volumeName === undefined){
data.volumeName = "";
}
if(data.path === undefined){
data.path = "";
}
if(data.key === undefined){
data.key = "";
}
if(data.optional === undefined){
data.optional = false;
}
for(const key0 in data){
if(!((((key0 === "volumeName") || (key0 === "path")) || (key0 === "key")) || (key0 === "optional"))){
return false;
}
}
{
if(typeof data.volumeName !== "string"){
return false;
}
{
if(typeof data.path !== "string"){
return false;
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(typeof data.optional !== "boolean"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate321(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "fieldRef") || (key0 === "resourceFieldRef")) || (key0 === "configMapKeyRef")) || (key0 === "secretKeyRef")) || (key0 === "fileKeyRef"))){
return false;
}
}
{
if(data.fieldRef !== undefined){
if(!validate256(data.fieldRef)) return false;
}
{
if(data.resourceFieldRef !== undefined){
if(!validate258(data.resourceFieldRef)) return false;
}
{
if(data.configMapKeyRef !== undefined){
if(!validate324(data.configMapKeyRef)) return false;
}
{
if(data.secretKeyRef !== undefined){
if(!validate326(data.secretKeyRef)) return false;
}
{
if(data.fileKeyRef !== undefined){
if(!validate328(data.fileKeyRef)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate320(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "value")) || (key0 === "valueFrom"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.value !== undefined){
let data1 = data.value;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.valueFrom !== undefined){
if(!validate321(data.valueFrom)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate333(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "request"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.request !== undefined){
let data1 = data.request;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate332(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "limits") || (key0 === "requests")) || (key0 === "claims"))){
return false;
}
}
{
if(data.limits !== undefined){
let data0 = data.limits;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
let data1 = data0[key1];
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data0[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.requests !== undefined){
let data2 = data.requests;
if(isEmpty(data2)){
return false;
}
{
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key2 in data2){
let data3 = data2[key2];
const text1 = quantityText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data2[key2] = text1;
}
}
}
}
else {
return false;
}
}
}
{
if(data.claims !== undefined){
let data4 = data.claims;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!validate333(data4[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate336(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.resourceName === undefined){
data.resourceName = "";
}
if(data.restartPolicy === undefined){
data.restartPolicy = "";
}
for(const key0 in data){
if(!((key0 === "resourceName") || (key0 === "restartPolicy"))){
return false;
}
}
{
if(typeof data.resourceName !== "string"){
return false;
}
{
if(typeof data.restartPolicy !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate339(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "operator") || (key0 === "values"))){
return false;
}
}
{
if(data.operator !== undefined){
let data0 = data.operator;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.values !== undefined){
let data1 = data.values;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate338(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "action") || (key0 === "exitCodes"))){
return false;
}
}
{
if(data.action !== undefined){
let data0 = data.action;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.exitCodes !== undefined){
if(!validate339(data.exitCodes)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate342(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.mountPath === undefined){
data.mountPath = "";
}
for(const key0 in data){
if(!(((((((key0 === "name") || (key0 === "readOnly")) || (key0 === "recursiveReadOnly")) || (key0 === "mountPath")) || (key0 === "subPath")) || (key0 === "mountPropagation")) || (key0 === "subPathExpr"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data1 = data.readOnly;
if(typeof data1 !== "boolean"){
return false;
}
if(data1 === false){
return false;
}
}
{
if(data.recursiveReadOnly !== undefined){
if(typeof data.recursiveReadOnly !== "string"){
return false;
}
}
{
if(typeof data.mountPath !== "string"){
return false;
}
{
if(data.subPath !== undefined){
let data4 = data.subPath;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.mountPropagation !== undefined){
if(typeof data.mountPropagation !== "string"){
return false;
}
}
{
if(data.subPathExpr !== undefined){
let data6 = data.subPathExpr;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate344(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.devicePath === undefined){
data.devicePath = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "devicePath"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.devicePath !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
const schema156 = { properties: {"exec":0,"httpGet":0,"tcpSocket":0,"grpc":0,"initialDelaySeconds":0,"timeoutSeconds":0,"periodSeconds":0,"successThreshold":0,"failureThreshold":0,"terminationGracePeriodSeconds":0} };
function validate347(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "command")){
return false;
}
}
{
if(data.command !== undefined){
let data0 = data.command;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate350(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.value === undefined){
data.value = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "value"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.value !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate349(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.port === undefined){
data.port = 0;
}
for(const key0 in data){
if(!(((((key0 === "path") || (key0 === "port")) || (key0 === "host")) || (key0 === "scheme")) || (key0 === "httpHeaders"))){
return false;
}
}
{
if(data.path !== undefined){
let data0 = data.path;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(!intOrStringOk(data.port)){
return false;
}
{
if(data.host !== undefined){
let data2 = data.host;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.scheme !== undefined){
let data3 = data.scheme;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.httpHeaders !== undefined){
let data4 = data.httpHeaders;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!validate350(data4[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate353(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.port === undefined){
data.port = 0;
}
for(const key0 in data){
if(!((key0 === "port") || (key0 === "host"))){
return false;
}
}
{
if(!intOrStringOk(data.port)){
return false;
}
{
if(data.host !== undefined){
let data1 = data.host;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate355(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.port === undefined){
data.port = 0;
}
if(data.service === undefined){
data.service = "";
}
for(const key0 in data){
if(!((key0 === "port") || (key0 === "service"))){
return false;
}
}
{
let data0 = data.port;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(typeof data.service !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate346(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema156.properties, key0))){
return false;
}
}
{
if(data.exec !== undefined){
if(!validate347(data.exec)) return false;
}
{
if(data.httpGet !== undefined){
if(!validate349(data.httpGet)) return false;
}
{
if(data.tcpSocket !== undefined){
if(!validate353(data.tcpSocket)) return false;
}
{
if(data.grpc !== undefined){
if(!validate355(data.grpc)) return false;
}
{
if(data.initialDelaySeconds !== undefined){
let data4 = data.initialDelaySeconds;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.timeoutSeconds !== undefined){
let data5 = data.timeoutSeconds;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.periodSeconds !== undefined){
let data6 = data.periodSeconds;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
if(data6 === 0){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
{
if(data.successThreshold !== undefined){
let data7 = data.successThreshold;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
if(data7 === 0){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
{
if(data.failureThreshold !== undefined){
let data8 = data.failureThreshold;
if(!((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8)))){
return false;
}
if(data8 === 0){
return false;
}
{
if(typeof data8 == "number"){
if(data8 > 2147483647 || isNaN(data8)){
return false;
}
else {
if(data8 < -2147483648 || isNaN(data8)){
return false;
}
}
}
}
}
{
if(data.terminationGracePeriodSeconds !== undefined){
let data9 = data.terminationGracePeriodSeconds;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 9007199254740991 || isNaN(data9)){
return false;
}
else {
if(data9 < -9007199254740991 || isNaN(data9)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate365(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.seconds === undefined){
data.seconds = 0;
}
for(const key0 in data){
if(!(key0 === "seconds")){
return false;
}
}
{
let data0 = data.seconds;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate361(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "exec") || (key0 === "httpGet")) || (key0 === "tcpSocket")) || (key0 === "sleep"))){
return false;
}
}
{
if(data.exec !== undefined){
if(!validate347(data.exec)) return false;
}
{
if(data.httpGet !== undefined){
if(!validate349(data.httpGet)) return false;
}
{
if(data.tcpSocket !== undefined){
if(!validate353(data.tcpSocket)) return false;
}
{
if(data.sleep !== undefined){
if(!validate365(data.sleep)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate360(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "postStart") || (key0 === "preStop")) || (key0 === "stopSignal"))){
return false;
}
}
{
if(data.postStart !== undefined){
if(!validate361(data.postStart)) return false;
}
{
if(data.preStop !== undefined){
if(!validate361(data.preStop)) return false;
}
{
if(data.stopSignal !== undefined){
if(typeof data.stopSignal !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema165 = { properties: {"capabilities":0,"privileged":0,"seLinuxOptions":0,"windowsOptions":0,"runAsUser":0,"runAsGroup":0,"runAsNonRoot":0,"readOnlyRootFilesystem":0,"allowPrivilegeEscalation":0,"procMount":0,"seccompProfile":0,"appArmorProfile":0} };
function validate371(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "add") || (key0 === "drop"))){
return false;
}
}
{
if(data.add !== undefined){
let data0 = data.add;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.drop !== undefined){
let data2 = data.drop;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate373(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "user") || (key0 === "role")) || (key0 === "type")) || (key0 === "level"))){
return false;
}
}
{
if(data.user !== undefined){
let data0 = data.user;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.role !== undefined){
let data1 = data.role;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.type !== undefined){
let data2 = data.type;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.level !== undefined){
let data3 = data.level;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate375(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "gmsaCredentialSpecName") || (key0 === "gmsaCredentialSpec")) || (key0 === "runAsUserName")) || (key0 === "hostProcess"))){
return false;
}
}
{
if(data.gmsaCredentialSpecName !== undefined){
if(typeof data.gmsaCredentialSpecName !== "string"){
return false;
}
}
{
if(data.gmsaCredentialSpec !== undefined){
if(typeof data.gmsaCredentialSpec !== "string"){
return false;
}
}
{
if(data.runAsUserName !== undefined){
if(typeof data.runAsUserName !== "string"){
return false;
}
}
{
if(data.hostProcess !== undefined){
if(typeof data.hostProcess !== "boolean"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate377(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((key0 === "type") || (key0 === "localhostProfile"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.localhostProfile !== undefined){
if(typeof data.localhostProfile !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate379(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((key0 === "type") || (key0 === "localhostProfile"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.localhostProfile !== undefined){
if(typeof data.localhostProfile !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate370(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema165.properties, key0))){
return false;
}
}
{
if(data.capabilities !== undefined){
if(!validate371(data.capabilities)) return false;
}
{
if(data.privileged !== undefined){
if(typeof data.privileged !== "boolean"){
return false;
}
}
{
if(data.seLinuxOptions !== undefined){
if(!validate373(data.seLinuxOptions)) return false;
}
{
if(data.windowsOptions !== undefined){
if(!validate375(data.windowsOptions)) return false;
}
{
if(data.runAsUser !== undefined){
let data4 = data.runAsUser;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 9007199254740991 || isNaN(data4)){
return false;
}
else {
if(data4 < -9007199254740991 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.runAsGroup !== undefined){
let data5 = data.runAsGroup;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 9007199254740991 || isNaN(data5)){
return false;
}
else {
if(data5 < -9007199254740991 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.runAsNonRoot !== undefined){
if(typeof data.runAsNonRoot !== "boolean"){
return false;
}
}
{
if(data.readOnlyRootFilesystem !== undefined){
if(typeof data.readOnlyRootFilesystem !== "boolean"){
return false;
}
}
{
if(data.allowPrivilegeEscalation !== undefined){
if(typeof data.allowPrivilegeEscalation !== "boolean"){
return false;
}
}
{
if(data.procMount !== undefined){
if(typeof data.procMount !== "string"){
return false;
}
}
{
if(data.seccompProfile !== undefined){
if(!validate377(data.seccompProfile)) return false;
}
{
if(data.appArmorProfile !== undefined){
if(!validate379(data.appArmorProfile)) return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate311(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.resources === undefined){
data.resources = {};
}
for(const key0 in data){
if(!(func0.call(schema139.properties, key0))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.image !== undefined){
let data1 = data.image;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.command !== undefined){
let data2 = data.command;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.args !== undefined){
let data4 = data.args;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
if(typeof data4[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.workingDir !== undefined){
let data6 = data.workingDir;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.ports !== undefined){
let data7 = data.ports;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len2 = data7.length;
for(let i2=0; i2<len2; i2++){
if(!validate312(data7[i2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.envFrom !== undefined){
let data9 = data.envFrom;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len3 = data9.length;
for(let i3=0; i3<len3; i3++){
if(!validate314(data9[i3])) return false;
}
}
else {
return false;
}
}
}
{
if(data.env !== undefined){
let data11 = data.env;
if(!data11?.length){
return false;
}
{
if(Array.isArray(data11)){
const len4 = data11.length;
for(let i4=0; i4<len4; i4++){
if(!validate320(data11[i4])) return false;
}
}
else {
return false;
}
}
}
{
if(!validate332(data.resources)) return false;
{
if(data.resizePolicy !== undefined){
let data14 = data.resizePolicy;
if(!data14?.length){
return false;
}
{
if(Array.isArray(data14)){
const len5 = data14.length;
for(let i5=0; i5<len5; i5++){
if(!validate336(data14[i5])) return false;
}
}
else {
return false;
}
}
}
{
if(data.restartPolicy !== undefined){
if(typeof data.restartPolicy !== "string"){
return false;
}
}
{
if(data.restartPolicyRules !== undefined){
let data17 = data.restartPolicyRules;
if(!data17?.length){
return false;
}
{
if(Array.isArray(data17)){
const len6 = data17.length;
for(let i6=0; i6<len6; i6++){
if(!validate338(data17[i6])) return false;
}
}
else {
return false;
}
}
}
{
if(data.volumeMounts !== undefined){
let data19 = data.volumeMounts;
if(!data19?.length){
return false;
}
{
if(Array.isArray(data19)){
const len7 = data19.length;
for(let i7=0; i7<len7; i7++){
if(!validate342(data19[i7])) return false;
}
}
else {
return false;
}
}
}
{
if(data.volumeDevices !== undefined){
let data21 = data.volumeDevices;
if(!data21?.length){
return false;
}
{
if(Array.isArray(data21)){
const len8 = data21.length;
for(let i8=0; i8<len8; i8++){
if(!validate344(data21[i8])) return false;
}
}
else {
return false;
}
}
}
{
if(data.livenessProbe !== undefined){
if(!validate346(data.livenessProbe)) return false;
}
{
if(data.readinessProbe !== undefined){
if(!validate346(data.readinessProbe)) return false;
}
{
if(data.startupProbe !== undefined){
if(!validate346(data.startupProbe)) return false;
}
{
if(data.lifecycle !== undefined){
if(!validate360(data.lifecycle)) return false;
}
{
if(data.terminationMessagePath !== undefined){
let data27 = data.terminationMessagePath;
if(typeof data27 !== "string"){
return false;
}
if(data27 === ""){
return false;
}
}
{
if(data.terminationMessagePolicy !== undefined){
let data28 = data.terminationMessagePolicy;
if(typeof data28 !== "string"){
return false;
}
if(data28 === ""){
return false;
}
}
{
if(data.imagePullPolicy !== undefined){
let data29 = data.imagePullPolicy;
if(typeof data29 !== "string"){
return false;
}
if(data29 === ""){
return false;
}
}
{
if(data.securityContext !== undefined){
if(!validate370(data.securityContext)) return false;
}
{
if(data.stdin !== undefined){
let data31 = data.stdin;
if(typeof data31 !== "boolean"){
return false;
}
if(data31 === false){
return false;
}
}
{
if(data.stdinOnce !== undefined){
let data32 = data.stdinOnce;
if(typeof data32 !== "boolean"){
return false;
}
if(data32 === false){
return false;
}
}
{
if(data.tty !== undefined){
let data33 = data.tty;
if(typeof data33 !== "boolean"){
return false;
}
if(data33 === false){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema171 = { properties: {"name":0,"image":0,"command":0,"args":0,"workingDir":0,"ports":0,"envFrom":0,"env":0,"resources":0,"resizePolicy":0,"restartPolicy":0,"restartPolicyRules":0,"volumeMounts":0,"volumeDevices":0,"livenessProbe":0,"readinessProbe":0,"startupProbe":0,"lifecycle":0,"terminationMessagePath":0,"terminationMessagePolicy":0,"imagePullPolicy":0,"securityContext":0,"stdin":0,"stdinOnce":0,"tty":0,"targetContainerName":0} };
function validate384(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.resources === undefined){
data.resources = {};
}
for(const key0 in data){
if(!(func0.call(schema171.properties, key0))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.image !== undefined){
let data1 = data.image;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.command !== undefined){
let data2 = data.command;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.args !== undefined){
let data4 = data.args;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
if(typeof data4[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.workingDir !== undefined){
let data6 = data.workingDir;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.ports !== undefined){
let data7 = data.ports;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len2 = data7.length;
for(let i2=0; i2<len2; i2++){
if(!validate312(data7[i2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.envFrom !== undefined){
let data9 = data.envFrom;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len3 = data9.length;
for(let i3=0; i3<len3; i3++){
if(!validate314(data9[i3])) return false;
}
}
else {
return false;
}
}
}
{
if(data.env !== undefined){
let data11 = data.env;
if(!data11?.length){
return false;
}
{
if(Array.isArray(data11)){
const len4 = data11.length;
for(let i4=0; i4<len4; i4++){
if(!validate320(data11[i4])) return false;
}
}
else {
return false;
}
}
}
{
if(!validate332(data.resources)) return false;
{
if(data.resizePolicy !== undefined){
let data14 = data.resizePolicy;
if(!data14?.length){
return false;
}
{
if(Array.isArray(data14)){
const len5 = data14.length;
for(let i5=0; i5<len5; i5++){
if(!validate336(data14[i5])) return false;
}
}
else {
return false;
}
}
}
{
if(data.restartPolicy !== undefined){
if(typeof data.restartPolicy !== "string"){
return false;
}
}
{
if(data.restartPolicyRules !== undefined){
let data17 = data.restartPolicyRules;
if(!data17?.length){
return false;
}
{
if(Array.isArray(data17)){
const len6 = data17.length;
for(let i6=0; i6<len6; i6++){
if(!validate338(data17[i6])) return false;
}
}
else {
return false;
}
}
}
{
if(data.volumeMounts !== undefined){
let data19 = data.volumeMounts;
if(!data19?.length){
return false;
}
{
if(Array.isArray(data19)){
const len7 = data19.length;
for(let i7=0; i7<len7; i7++){
if(!validate342(data19[i7])) return false;
}
}
else {
return false;
}
}
}
{
if(data.volumeDevices !== undefined){
let data21 = data.volumeDevices;
if(!data21?.length){
return false;
}
{
if(Array.isArray(data21)){
const len8 = data21.length;
for(let i8=0; i8<len8; i8++){
if(!validate344(data21[i8])) return false;
}
}
else {
return false;
}
}
}
{
if(data.livenessProbe !== undefined){
if(!validate346(data.livenessProbe)) return false;
}
{
if(data.readinessProbe !== undefined){
if(!validate346(data.readinessProbe)) return false;
}
{
if(data.startupProbe !== undefined){
if(!validate346(data.startupProbe)) return false;
}
{
if(data.lifecycle !== undefined){
if(!validate360(data.lifecycle)) return false;
}
{
if(data.terminationMessagePath !== undefined){
let data27 = data.terminationMessagePath;
if(typeof data27 !== "string"){
return false;
}
if(data27 === ""){
return false;
}
}
{
if(data.terminationMessagePolicy !== undefined){
let data28 = data.terminationMessagePolicy;
if(typeof data28 !== "string"){
return false;
}
if(data28 === ""){
return false;
}
}
{
if(data.imagePullPolicy !== undefined){
let data29 = data.imagePullPolicy;
if(typeof data29 !== "string"){
return false;
}
if(data29 === ""){
return false;
}
}
{
if(data.securityContext !== undefined){
if(!validate370(data.securityContext)) return false;
}
{
if(data.stdin !== undefined){
let data31 = data.stdin;
if(typeof data31 !== "boolean"){
return false;
}
if(data31 === false){
return false;
}
}
{
if(data.stdinOnce !== undefined){
let data32 = data.stdinOnce;
if(typeof data32 !== "boolean"){
return false;
}
if(data32 === false){
return false;
}
}
{
if(data.tty !== undefined){
let data33 = data.tty;
if(typeof data33 !== "boolean"){
return false;
}
if(data33 === false){
return false;
}
}
{
if(data.targetContainerName !== undefined){
let data34 = data.targetContainerName;
if(typeof data34 !== "string"){
return false;
}
if(data34 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema172 = { properties: {"seLinuxOptions":0,"windowsOptions":0,"runAsUser":0,"runAsGroup":0,"runAsNonRoot":0,"supplementalGroups":0,"supplementalGroupsPolicy":0,"fsGroup":0,"sysctls":0,"fsGroupChangePolicy":0,"seccompProfile":0,"appArmorProfile":0,"seLinuxChangePolicy":0} };
function validate402(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.value === undefined){
data.value = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "value"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.value !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate399(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema172.properties, key0))){
return false;
}
}
{
if(data.seLinuxOptions !== undefined){
if(!validate373(data.seLinuxOptions)) return false;
}
{
if(data.windowsOptions !== undefined){
if(!validate375(data.windowsOptions)) return false;
}
{
if(data.runAsUser !== undefined){
let data2 = data.runAsUser;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.runAsGroup !== undefined){
let data3 = data.runAsGroup;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 9007199254740991 || isNaN(data3)){
return false;
}
else {
if(data3 < -9007199254740991 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.runAsNonRoot !== undefined){
if(typeof data.runAsNonRoot !== "boolean"){
return false;
}
}
{
if(data.supplementalGroups !== undefined){
let data5 = data.supplementalGroups;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 9007199254740991 || isNaN(data6)){
return false;
}
else {
if(data6 < -9007199254740991 || isNaN(data6)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
}
{
if(data.supplementalGroupsPolicy !== undefined){
if(typeof data.supplementalGroupsPolicy !== "string"){
return false;
}
}
{
if(data.fsGroup !== undefined){
let data8 = data.fsGroup;
if(!((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8)))){
return false;
}
{
if(typeof data8 == "number"){
if(data8 > 9007199254740991 || isNaN(data8)){
return false;
}
else {
if(data8 < -9007199254740991 || isNaN(data8)){
return false;
}
}
}
}
}
{
if(data.sysctls !== undefined){
let data9 = data.sysctls;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
if(!validate402(data9[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.fsGroupChangePolicy !== undefined){
if(typeof data.fsGroupChangePolicy !== "string"){
return false;
}
}
{
if(data.seccompProfile !== undefined){
if(!validate377(data.seccompProfile)) return false;
}
{
if(data.appArmorProfile !== undefined){
if(!validate379(data.appArmorProfile)) return false;
}
{
if(data.seLinuxChangePolicy !== undefined){
if(typeof data.seLinuxChangePolicy !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate411(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.weight === undefined){
data.weight = 0;
}
if(data.preference === undefined){
data.preference = {};
}
for(const key0 in data){
if(!((key0 === "weight") || (key0 === "preference"))){
return false;
}
}
{
let data0 = data.weight;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(!validate187(data.preference)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate409(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "requiredDuringSchedulingIgnoredDuringExecution") || (key0 === "preferredDuringSchedulingIgnoredDuringExecution"))){
return false;
}
}
{
if(data.requiredDuringSchedulingIgnoredDuringExecution !== undefined){
if(!validate186(data.requiredDuringSchedulingIgnoredDuringExecution)) return false;
}
{
if(data.preferredDuringSchedulingIgnoredDuringExecution !== undefined){
let data1 = data.preferredDuringSchedulingIgnoredDuringExecution;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate411(data1[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate416(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.topologyKey === undefined){
data.topologyKey = "";
}
for(const key0 in data){
if(!((((((key0 === "labelSelector") || (key0 === "namespaces")) || (key0 === "topologyKey")) || (key0 === "namespaceSelector")) || (key0 === "matchLabelKeys")) || (key0 === "mismatchLabelKeys"))){
return false;
}
}
{
if(data.labelSelector !== undefined){
if(!validate200(data.labelSelector)) return false;
}
{
if(data.namespaces !== undefined){
let data1 = data.namespaces;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(typeof data.topologyKey !== "string"){
return false;
}
{
if(data.namespaceSelector !== undefined){
if(!validate200(data.namespaceSelector)) return false;
}
{
if(data.matchLabelKeys !== undefined){
let data5 = data.matchLabelKeys;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(typeof data5[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.mismatchLabelKeys !== undefined){
let data7 = data.mismatchLabelKeys;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len2 = data7.length;
for(let i2=0; i2<len2; i2++){
if(typeof data7[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate420(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.weight === undefined){
data.weight = 0;
}
if(data.podAffinityTerm === undefined){
data.podAffinityTerm = {};
}
for(const key0 in data){
if(!((key0 === "weight") || (key0 === "podAffinityTerm"))){
return false;
}
}
{
let data0 = data.weight;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(!validate416(data.podAffinityTerm)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate415(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "requiredDuringSchedulingIgnoredDuringExecution") || (key0 === "preferredDuringSchedulingIgnoredDuringExecution"))){
return false;
}
}
{
if(data.requiredDuringSchedulingIgnoredDuringExecution !== undefined){
let data0 = data.requiredDuringSchedulingIgnoredDuringExecution;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate416(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.preferredDuringSchedulingIgnoredDuringExecution !== undefined){
let data2 = data.preferredDuringSchedulingIgnoredDuringExecution;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate420(data2[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate424(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "requiredDuringSchedulingIgnoredDuringExecution") || (key0 === "preferredDuringSchedulingIgnoredDuringExecution"))){
return false;
}
}
{
if(data.requiredDuringSchedulingIgnoredDuringExecution !== undefined){
let data0 = data.requiredDuringSchedulingIgnoredDuringExecution;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate416(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.preferredDuringSchedulingIgnoredDuringExecution !== undefined){
let data2 = data.preferredDuringSchedulingIgnoredDuringExecution;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate420(data2[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate408(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "nodeAffinity") || (key0 === "podAffinity")) || (key0 === "podAntiAffinity"))){
return false;
}
}
{
if(data.nodeAffinity !== undefined){
if(!validate409(data.nodeAffinity)) return false;
}
{
if(data.podAffinity !== undefined){
if(!validate415(data.podAffinity)) return false;
}
{
if(data.podAntiAffinity !== undefined){
if(!validate424(data.podAntiAffinity)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate429(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "key") || (key0 === "operator")) || (key0 === "value")) || (key0 === "effect")) || (key0 === "tolerationSeconds"))){
return false;
}
}
{
if(data.key !== undefined){
let data0 = data.key;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.operator !== undefined){
let data1 = data.operator;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.value !== undefined){
let data2 = data.value;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.effect !== undefined){
let data3 = data.effect;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.tolerationSeconds !== undefined){
let data4 = data.tolerationSeconds;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 9007199254740991 || isNaN(data4)){
return false;
}
else {
if(data4 < -9007199254740991 || isNaN(data4)){
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate431(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ip === undefined){
data.ip = "";
}
for(const key0 in data){
if(!((key0 === "ip") || (key0 === "hostnames"))){
return false;
}
}
{
if(typeof data.ip !== "string"){
return false;
}
{
if(data.hostnames !== undefined){
let data1 = data.hostnames;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate434(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "name") || (key0 === "value"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.value !== undefined){
if(typeof data.value !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate433(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "nameservers") || (key0 === "searches")) || (key0 === "options"))){
return false;
}
}
{
if(data.nameservers !== undefined){
let data0 = data.nameservers;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.searches !== undefined){
let data2 = data.searches;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.options !== undefined){
let data4 = data.options;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(!validate434(data4[i2])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate437(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.conditionType === undefined){
data.conditionType = "";
}
for(const key0 in data){
if(!(key0 === "conditionType")){
return false;
}
}
{
if(typeof data.conditionType !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate439(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.maxSkew === undefined){
data.maxSkew = 0;
}
if(data.topologyKey === undefined){
data.topologyKey = "";
}
if(data.whenUnsatisfiable === undefined){
data.whenUnsatisfiable = "";
}
for(const key0 in data){
if(!((((((((key0 === "maxSkew") || (key0 === "topologyKey")) || (key0 === "whenUnsatisfiable")) || (key0 === "labelSelector")) || (key0 === "minDomains")) || (key0 === "nodeAffinityPolicy")) || (key0 === "nodeTaintsPolicy")) || (key0 === "matchLabelKeys"))){
return false;
}
}
{
let data0 = data.maxSkew;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(typeof data.topologyKey !== "string"){
return false;
}
{
if(typeof data.whenUnsatisfiable !== "string"){
return false;
}
{
if(data.labelSelector !== undefined){
if(!validate200(data.labelSelector)) return false;
}
{
if(data.minDomains !== undefined){
let data4 = data.minDomains;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.nodeAffinityPolicy !== undefined){
if(typeof data.nodeAffinityPolicy !== "string"){
return false;
}
}
{
if(data.nodeTaintsPolicy !== undefined){
if(typeof data.nodeTaintsPolicy !== "string"){
return false;
}
}
{
if(data.matchLabelKeys !== undefined){
let data7 = data.matchLabelKeys;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(typeof data7[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate442(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate444(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate446(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "resourceClaimName")) || (key0 === "resourceClaimTemplateName"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.resourceClaimName !== undefined){
if(typeof data.resourceClaimName !== "string"){
return false;
}
}
{
if(data.resourceClaimTemplateName !== undefined){
if(typeof data.resourceClaimTemplateName !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate449(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "podGroupName")){
return false;
}
}
{
if(data.podGroupName !== undefined){
if(typeof data.podGroupName !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate219(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.containers === undefined){
data.containers = [];
}
for(const key0 in data){
if(!(func0.call(schema105.properties, key0))){
return false;
}
}
{
if(data.volumes !== undefined){
let data0 = data.volumes;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate220(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.initContainers !== undefined){
let data2 = data.initContainers;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate311(data2[i1])) return false;
}
}
else {
return false;
}
}
}
{
let data4 = data.containers;
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(!validate311(data4[i2])) return false;
}
}
else {
return false;
}
}
{
if(data.ephemeralContainers !== undefined){
let data6 = data.ephemeralContainers;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len3 = data6.length;
for(let i3=0; i3<len3; i3++){
if(!validate384(data6[i3])) return false;
}
}
else {
return false;
}
}
}
{
if(data.restartPolicy !== undefined){
let data8 = data.restartPolicy;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
}
{
if(data.terminationGracePeriodSeconds !== undefined){
let data9 = data.terminationGracePeriodSeconds;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 9007199254740991 || isNaN(data9)){
return false;
}
else {
if(data9 < -9007199254740991 || isNaN(data9)){
return false;
}
}
}
}
}
{
if(data.activeDeadlineSeconds !== undefined){
let data10 = data.activeDeadlineSeconds;
if(!((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10)))){
return false;
}
{
if(typeof data10 == "number"){
if(data10 > 9007199254740991 || isNaN(data10)){
return false;
}
else {
if(data10 < -9007199254740991 || isNaN(data10)){
return false;
}
}
}
}
}
{
if(data.dnsPolicy !== undefined){
let data11 = data.dnsPolicy;
if(typeof data11 !== "string"){
return false;
}
if(data11 === ""){
return false;
}
}
{
if(data.nodeSelector !== undefined){
let data12 = data.nodeSelector;
if(isEmpty(data12)){
return false;
}
{
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key1 in data12){
if(typeof data12[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.serviceAccountName !== undefined){
let data14 = data.serviceAccountName;
if(typeof data14 !== "string"){
return false;
}
if(data14 === ""){
return false;
}
}
{
if(data.serviceAccount !== undefined){
let data15 = data.serviceAccount;
if(typeof data15 !== "string"){
return false;
}
if(data15 === ""){
return false;
}
}
{
if(data.automountServiceAccountToken !== undefined){
if(typeof data.automountServiceAccountToken !== "boolean"){
return false;
}
}
{
if(data.nodeName !== undefined){
let data17 = data.nodeName;
if(typeof data17 !== "string"){
return false;
}
if(data17 === ""){
return false;
}
}
{
if(data.hostNetwork !== undefined){
let data18 = data.hostNetwork;
if(typeof data18 !== "boolean"){
return false;
}
if(data18 === false){
return false;
}
}
{
if(data.hostPID !== undefined){
let data19 = data.hostPID;
if(typeof data19 !== "boolean"){
return false;
}
if(data19 === false){
return false;
}
}
{
if(data.hostIPC !== undefined){
let data20 = data.hostIPC;
if(typeof data20 !== "boolean"){
return false;
}
if(data20 === false){
return false;
}
}
{
if(data.shareProcessNamespace !== undefined){
if(typeof data.shareProcessNamespace !== "boolean"){
return false;
}
}
{
if(data.securityContext !== undefined){
if(!validate399(data.securityContext)) return false;
}
{
if(data.imagePullSecrets !== undefined){
let data23 = data.imagePullSecrets;
if(!data23?.length){
return false;
}
{
if(Array.isArray(data23)){
const len4 = data23.length;
for(let i4=0; i4<len4; i4++){
if(!validate234(data23[i4])) return false;
}
}
else {
return false;
}
}
}
{
if(data.hostname !== undefined){
let data25 = data.hostname;
if(typeof data25 !== "string"){
return false;
}
if(data25 === ""){
return false;
}
}
{
if(data.subdomain !== undefined){
let data26 = data.subdomain;
if(typeof data26 !== "string"){
return false;
}
if(data26 === ""){
return false;
}
}
{
if(data.affinity !== undefined){
if(!validate408(data.affinity)) return false;
}
{
if(data.schedulerName !== undefined){
let data28 = data.schedulerName;
if(typeof data28 !== "string"){
return false;
}
if(data28 === ""){
return false;
}
}
{
if(data.tolerations !== undefined){
let data29 = data.tolerations;
if(!data29?.length){
return false;
}
{
if(Array.isArray(data29)){
const len5 = data29.length;
for(let i5=0; i5<len5; i5++){
if(!validate429(data29[i5])) return false;
}
}
else {
return false;
}
}
}
{
if(data.hostAliases !== undefined){
let data31 = data.hostAliases;
if(!data31?.length){
return false;
}
{
if(Array.isArray(data31)){
const len6 = data31.length;
for(let i6=0; i6<len6; i6++){
if(!validate431(data31[i6])) return false;
}
}
else {
return false;
}
}
}
{
if(data.priorityClassName !== undefined){
let data33 = data.priorityClassName;
if(typeof data33 !== "string"){
return false;
}
if(data33 === ""){
return false;
}
}
{
if(data.priority !== undefined){
let data34 = data.priority;
if(!((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34)))){
return false;
}
{
if(typeof data34 == "number"){
if(data34 > 2147483647 || isNaN(data34)){
return false;
}
else {
if(data34 < -2147483648 || isNaN(data34)){
return false;
}
}
}
}
}
{
if(data.dnsConfig !== undefined){
if(!validate433(data.dnsConfig)) return false;
}
{
if(data.readinessGates !== undefined){
let data36 = data.readinessGates;
if(!data36?.length){
return false;
}
{
if(Array.isArray(data36)){
const len7 = data36.length;
for(let i7=0; i7<len7; i7++){
if(!validate437(data36[i7])) return false;
}
}
else {
return false;
}
}
}
{
if(data.runtimeClassName !== undefined){
if(typeof data.runtimeClassName !== "string"){
return false;
}
}
{
if(data.enableServiceLinks !== undefined){
if(typeof data.enableServiceLinks !== "boolean"){
return false;
}
}
{
if(data.preemptionPolicy !== undefined){
if(typeof data.preemptionPolicy !== "string"){
return false;
}
}
{
if(data.overhead !== undefined){
let data41 = data.overhead;
if(isEmpty(data41)){
return false;
}
{
if(data41 && typeof data41 == "object" && !Array.isArray(data41)){
for(const key2 in data41){
let data42 = data41[key2];
const text0 = quantityText(data42);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data42){
data41[key2] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.topologySpreadConstraints !== undefined){
let data43 = data.topologySpreadConstraints;
if(!data43?.length){
return false;
}
{
if(Array.isArray(data43)){
const len8 = data43.length;
for(let i8=0; i8<len8; i8++){
if(!validate439(data43[i8])) return false;
}
}
else {
return false;
}
}
}
{
if(data.setHostnameAsFQDN !== undefined){
if(typeof data.setHostnameAsFQDN !== "boolean"){
return false;
}
}
{
if(data.os !== undefined){
if(!validate442(data.os)) return false;
}
{
if(data.hostUsers !== undefined){
if(typeof data.hostUsers !== "boolean"){
return false;
}
}
{
if(data.schedulingGates !== undefined){
let data48 = data.schedulingGates;
if(!data48?.length){
return false;
}
{
if(Array.isArray(data48)){
const len9 = data48.length;
for(let i9=0; i9<len9; i9++){
if(!validate444(data48[i9])) return false;
}
}
else {
return false;
}
}
}
{
if(data.resourceClaims !== undefined){
let data50 = data.resourceClaims;
if(!data50?.length){
return false;
}
{
if(Array.isArray(data50)){
const len10 = data50.length;
for(let i10=0; i10<len10; i10++){
if(!validate446(data50[i10])) return false;
}
}
else {
return false;
}
}
}
{
if(data.resources !== undefined){
if(!validate332(data.resources)) return false;
}
{
if(data.hostnameOverride !== undefined){
if(typeof data.hostnameOverride !== "string"){
return false;
}
}
{
if(data.schedulingGroup !== undefined){
if(!validate449(data.schedulingGroup)) return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema191 = { properties: {"observedGeneration":0,"phase":0,"conditions":0,"message":0,"reason":0,"nominatedNodeName":0,"hostIP":0,"hostIPs":0,"podIP":0,"podIPs":0,"startTime":0,"initContainerStatuses":0,"containerStatuses":0,"qosClass":0,"ephemeralContainerStatuses":0,"resize":0,"resourceClaimStatuses":0,"extendedResourceClaimStatus":0,"allocatedResources":0,"resources":0,"nodeAllocatableResourceClaimStatuses":0} };
function validate453(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastProbeTime === undefined){
data.lastProbeTime = null;
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((((key0 === "type") || (key0 === "observedGeneration")) || (key0 === "status")) || (key0 === "lastProbeTime")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.observedGeneration !== undefined){
let data1 = data.observedGeneration;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 9007199254740991 || isNaN(data1)){
return false;
}
else {
if(data1 < -9007199254740991 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data3 = data.lastProbeTime;
const text0 = timeOrNullText(data3);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data3){
data["lastProbeTime"] = text0;
}
}
{
let data4 = data.lastTransitionTime;
const text1 = timeOrNullText(data4);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data4){
data["lastTransitionTime"] = text1;
}
}
{
if(data.reason !== undefined){
let data5 = data.reason;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data6 = data.message;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate455(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ip === undefined){
data.ip = "";
}
for(const key0 in data){
if(!(key0 === "ip")){
return false;
}
}
{
if(typeof data.ip !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate457(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ip === undefined){
data.ip = "";
}
for(const key0 in data){
if(!(key0 === "ip")){
return false;
}
}
{
if(typeof data.ip !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
const schema195 = { properties: {"name":0,"state":0,"lastState":0,"ready":0,"restartCount":0,"image":0,"imageID":0,"containerID":0,"started":0,"allocatedResources":0,"resources":0,"volumeMounts":0,"user":0,"allocatedResourcesStatus":0,"stopSignal":0} };
function validate461(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "reason") || (key0 === "message"))){
return false;
}
}
{
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data1 = data.message;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate463(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.startedAt === undefined){
data.startedAt = null;
}
for(const key0 in data){
if(!(key0 === "startedAt")){
return false;
}
}
{
let data0 = data.startedAt;
const text0 = timeOrNullText(data0);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data0){
data["startedAt"] = text0;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate465(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.exitCode === undefined){
data.exitCode = 0;
}
if(data.startedAt === undefined){
data.startedAt = null;
}
if(data.finishedAt === undefined){
data.finishedAt = null;
}
for(const key0 in data){
if(!(((((((key0 === "exitCode") || (key0 === "signal")) || (key0 === "reason")) || (key0 === "message")) || (key0 === "startedAt")) || (key0 === "finishedAt")) || (key0 === "containerID"))){
return false;
}
}
{
let data0 = data.exitCode;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(data.signal !== undefined){
let data1 = data.signal;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.reason !== undefined){
let data2 = data.reason;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data3 = data.message;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
let data4 = data.startedAt;
const text0 = timeOrNullText(data4);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data4){
data["startedAt"] = text0;
}
}
{
let data5 = data.finishedAt;
const text1 = timeOrNullText(data5);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data5){
data["finishedAt"] = text1;
}
}
{
if(data.containerID !== undefined){
let data6 = data.containerID;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate460(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "waiting") || (key0 === "running")) || (key0 === "terminated"))){
return false;
}
}
{
if(data.waiting !== undefined){
if(!validate461(data.waiting)) return false;
}
{
if(data.running !== undefined){
if(!validate463(data.running)) return false;
}
{
if(data.terminated !== undefined){
if(!validate465(data.terminated)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate472(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "imageRef")){
return false;
}
}
{
if(data.imageRef !== undefined){
let data0 = data.imageRef;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate471(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "image")){
return false;
}
}
{
if(data.image !== undefined){
if(!validate472(data.image)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate470(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.mountPath === undefined){
data.mountPath = "";
}
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "mountPath")) || (key0 === "readOnly")) || (key0 === "recursiveReadOnly")) || (key0 === "volumeStatus"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.mountPath !== "string"){
return false;
}
{
if(data.readOnly !== undefined){
let data2 = data.readOnly;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.recursiveReadOnly !== undefined){
if(typeof data.recursiveReadOnly !== "string"){
return false;
}
}
{
if(data.volumeStatus !== undefined){
if(!validate471(data.volumeStatus)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate477(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uid === undefined){
data.uid = 0;
}
if(data.gid === undefined){
data.gid = 0;
}
for(const key0 in data){
if(!(((key0 === "uid") || (key0 === "gid")) || (key0 === "supplementalGroups"))){
return false;
}
}
{
let data0 = data.uid;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
{
let data1 = data.gid;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 9007199254740991 || isNaN(data1)){
return false;
}
else {
if(data1 < -9007199254740991 || isNaN(data1)){
return false;
}
}
}
}
{
if(data.supplementalGroups !== undefined){
let data2 = data.supplementalGroups;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 9007199254740991 || isNaN(data3)){
return false;
}
else {
if(data3 < -9007199254740991 || isNaN(data3)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate476(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "linux")){
return false;
}
}
{
if(data.linux !== undefined){
if(!validate477(data.linux)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate481(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.resourceID === undefined){
data.resourceID = "";
}
for(const key0 in data){
if(!(((key0 === "resourceID") || (key0 === "health")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.resourceID !== "string"){
return false;
}
{
if(data.health !== undefined){
let data1 = data.health;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.message !== undefined){
if(typeof data.message !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate480(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "resources"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.resources !== undefined){
let data1 = data.resources;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate481(data1[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate459(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.state === undefined){
data.state = {};
}
if(data.lastState === undefined){
data.lastState = {};
}
if(data.ready === undefined){
data.ready = false;
}
if(data.restartCount === undefined){
data.restartCount = 0;
}
if(data.image === undefined){
data.image = "";
}
if(data.imageID === undefined){
data.imageID = "";
}
for(const key0 in data){
if(!(func0.call(schema195.properties, key0))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate460(data.state)) return false;
{
if(!validate460(data.lastState)) return false;
{
if(typeof data.ready !== "boolean"){
return false;
}
{
let data4 = data.restartCount;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
{
if(typeof data.image !== "string"){
return false;
}
{
if(typeof data.imageID !== "string"){
return false;
}
{
if(data.containerID !== undefined){
let data7 = data.containerID;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
if(data.started !== undefined){
if(typeof data.started !== "boolean"){
return false;
}
}
{
if(data.allocatedResources !== undefined){
let data9 = data.allocatedResources;
if(isEmpty(data9)){
return false;
}
{
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key1 in data9){
let data10 = data9[key1];
const text0 = quantityText(data10);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data10){
data9[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.resources !== undefined){
if(!validate332(data.resources)) return false;
}
{
if(data.volumeMounts !== undefined){
let data12 = data.volumeMounts;
if(!data12?.length){
return false;
}
{
if(Array.isArray(data12)){
const len0 = data12.length;
for(let i0=0; i0<len0; i0++){
if(!validate470(data12[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.user !== undefined){
if(!validate476(data.user)) return false;
}
{
if(data.allocatedResourcesStatus !== undefined){
let data15 = data.allocatedResourcesStatus;
if(!data15?.length){
return false;
}
{
if(Array.isArray(data15)){
const len1 = data15.length;
for(let i1=0; i1<len1; i1++){
if(!validate480(data15[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.stopSignal !== undefined){
if(typeof data.stopSignal !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate487(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "resourceClaimName"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.resourceClaimName !== undefined){
if(typeof data.resourceClaimName !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate490(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.containerName === undefined){
data.containerName = "";
}
if(data.resourceName === undefined){
data.resourceName = "";
}
if(data.requestName === undefined){
data.requestName = "";
}
for(const key0 in data){
if(!(((key0 === "containerName") || (key0 === "resourceName")) || (key0 === "requestName"))){
return false;
}
}
{
if(typeof data.containerName !== "string"){
return false;
}
{
if(typeof data.resourceName !== "string"){
return false;
}
{
if(typeof data.requestName !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate489(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.requestMappings === undefined){
data.requestMappings = [];
}
if(data.resourceClaimName === undefined){
data.resourceClaimName = "";
}
for(const key0 in data){
if(!((key0 === "requestMappings") || (key0 === "resourceClaimName"))){
return false;
}
}
{
let data0 = data.requestMappings;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate490(data0[i0])) return false;
}
}
else {
return false;
}
}
{
if(typeof data.resourceClaimName !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate494(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.resourceClaimName === undefined){
data.resourceClaimName = "";
}
if(data.resources === undefined){
data.resources = {};
}
for(const key0 in data){
if(!(((key0 === "resourceClaimName") || (key0 === "containers")) || (key0 === "resources"))){
return false;
}
}
{
if(typeof data.resourceClaimName !== "string"){
return false;
}
{
if(data.containers !== undefined){
let data1 = data.containers;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
let data3 = data.resources;
{
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key1 in data3){
let data4 = data3[key1];
const text0 = quantityText(data4);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data4){
data3[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate452(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema191.properties, key0))){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data0 = data.observedGeneration;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
if(data0 === 0){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.phase !== undefined){
let data1 = data.phase;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.conditions !== undefined){
let data2 = data.conditions;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate453(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.reason !== undefined){
let data5 = data.reason;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.nominatedNodeName !== undefined){
let data6 = data.nominatedNodeName;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.hostIP !== undefined){
let data7 = data.hostIP;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
if(data.hostIPs !== undefined){
let data8 = data.hostIPs;
if(!data8?.length){
return false;
}
{
if(Array.isArray(data8)){
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
if(!validate455(data8[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.podIP !== undefined){
let data10 = data.podIP;
if(typeof data10 !== "string"){
return false;
}
if(data10 === ""){
return false;
}
}
{
if(data.podIPs !== undefined){
let data11 = data.podIPs;
if(!data11?.length){
return false;
}
{
if(Array.isArray(data11)){
const len2 = data11.length;
for(let i2=0; i2<len2; i2++){
if(!validate457(data11[i2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.startTime !== undefined){
let data13 = data.startTime;
const text0 = timeText(data13);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data13){
data["startTime"] = text0;
}
}
}
{
if(data.initContainerStatuses !== undefined){
let data14 = data.initContainerStatuses;
if(!data14?.length){
return false;
}
{
if(Array.isArray(data14)){
const len3 = data14.length;
for(let i3=0; i3<len3; i3++){
if(!validate459(data14[i3])) return false;
}
}
else {
return false;
}
}
}
{
if(data.containerStatuses !== undefined){
let data16 = data.containerStatuses;
if(!data16?.length){
return false;
}
{
if(Array.isArray(data16)){
const len4 = data16.length;
for(let i4=0; i4<len4; i4++){
if(!validate459(data16[i4])) return false;
}
}
else {
return false;
}
}
}
{
if(data.qosClass !== undefined){
let data18 = data.qosClass;
if(typeof data18 !== "string"){
return false;
}
if(data18 === ""){
return false;
}
}
{
if(data.ephemeralContainerStatuses !== undefined){
let data19 = data.ephemeralContainerStatuses;
if(!data19?.length){
return false;
}
{
if(Array.isArray(data19)){
const len5 = data19.length;
for(let i5=0; i5<len5; i5++){
if(!validate459(data19[i5])) return false;
}
}
else {
return false;
}
}
}
{
if(data.resize !== undefined){
let data21 = data.resize;
if(typeof data21 !== "string"){
return false;
}
if(data21 === ""){
return false;
}
}
{
if(data.resourceClaimStatuses !== undefined){
let data22 = data.resourceClaimStatuses;
if(!data22?.length){
return false;
}
{
if(Array.isArray(data22)){
const len6 = data22.length;
for(let i6=0; i6<len6; i6++){
if(!validate487(data22[i6])) return false;
}
}
else {
return false;
}
}
}
{
if(data.extendedResourceClaimStatus !== undefined){
if(!validate489(data.extendedResourceClaimStatus)) return false;
}
{
if(data.allocatedResources !== undefined){
let data25 = data.allocatedResources;
if(isEmpty(data25)){
return false;
}
{
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
for(const key1 in data25){
let data26 = data25[key1];
const text1 = quantityText(data26);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data26){
data25[key1] = text1;
}
}
}
}
else {
return false;
}
}
}
{
if(data.resources !== undefined){
if(!validate332(data.resources)) return false;
}
{
if(data.nodeAllocatableResourceClaimStatuses !== undefined){
let data28 = data.nodeAllocatableResourceClaimStatuses;
if(!data28?.length){
return false;
}
{
if(Array.isArray(data28)){
const len7 = data28.length;
for(let i7=0; i7<len7; i7++){
if(!validate494(data28[i7])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate217(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate219(data.spec)) return false;
{
if(!validate452(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate497(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "stdin")) || (key0 === "stdout")) || (key0 === "stderr")) || (key0 === "tty")) || (key0 === "container"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.stdin !== undefined){
let data2 = data.stdin;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.stdout !== undefined){
let data3 = data.stdout;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.stderr !== undefined){
let data4 = data.stderr;
if(typeof data4 !== "boolean"){
return false;
}
if(data4 === false){
return false;
}
}
{
if(data.tty !== undefined){
let data5 = data.tty;
if(typeof data5 !== "boolean"){
return false;
}
if(data5 === false){
return false;
}
}
{
if(data.container !== undefined){
let data6 = data.container;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate498(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.command === undefined){
data.command = [];
}
for(const key0 in data){
if(!((((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "stdin")) || (key0 === "stdout")) || (key0 === "stderr")) || (key0 === "tty")) || (key0 === "container")) || (key0 === "command"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.stdin !== undefined){
let data2 = data.stdin;
if(typeof data2 !== "boolean"){
return false;
}
if(data2 === false){
return false;
}
}
{
if(data.stdout !== undefined){
let data3 = data.stdout;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.stderr !== undefined){
let data4 = data.stderr;
if(typeof data4 !== "boolean"){
return false;
}
if(data4 === false){
return false;
}
}
{
if(data.tty !== undefined){
let data5 = data.tty;
if(typeof data5 !== "boolean"){
return false;
}
if(data5 === false){
return false;
}
}
{
if(data.container !== undefined){
let data6 = data.container;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
let data7 = data.command;
{
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(typeof data7[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema213 = { properties: {"kind":0,"apiVersion":0,"container":0,"follow":0,"previous":0,"sinceSeconds":0,"sinceTime":0,"timestamps":0,"tailLines":0,"limitBytes":0,"insecureSkipTLSVerifyBackend":0,"stream":0} };
function validate499(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema213.properties, key0))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.container !== undefined){
let data2 = data.container;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.follow !== undefined){
let data3 = data.follow;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.previous !== undefined){
let data4 = data.previous;
if(typeof data4 !== "boolean"){
return false;
}
if(data4 === false){
return false;
}
}
{
if(data.sinceSeconds !== undefined){
let data5 = data.sinceSeconds;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 9007199254740991 || isNaN(data5)){
return false;
}
else {
if(data5 < -9007199254740991 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.sinceTime !== undefined){
let data6 = data.sinceTime;
const text0 = timeText(data6);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data6){
data["sinceTime"] = text0;
}
}
}
{
if(data.timestamps !== undefined){
let data7 = data.timestamps;
if(typeof data7 !== "boolean"){
return false;
}
if(data7 === false){
return false;
}
}
{
if(data.tailLines !== undefined){
let data8 = data.tailLines;
if(!((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8)))){
return false;
}
{
if(typeof data8 == "number"){
if(data8 > 9007199254740991 || isNaN(data8)){
return false;
}
else {
if(data8 < -9007199254740991 || isNaN(data8)){
return false;
}
}
}
}
}
{
if(data.limitBytes !== undefined){
let data9 = data.limitBytes;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 9007199254740991 || isNaN(data9)){
return false;
}
else {
if(data9 < -9007199254740991 || isNaN(data9)){
return false;
}
}
}
}
}
{
if(data.insecureSkipTLSVerifyBackend !== undefined){
let data10 = data.insecureSkipTLSVerifyBackend;
if(typeof data10 !== "boolean"){
return false;
}
if(data10 === false){
return false;
}
}
{
if(data.stream !== undefined){
if(typeof data.stream !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate500(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "ports"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.ports !== undefined){
let data2 = data.ports;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate501(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "path"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.path !== undefined){
let data2 = data.path;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate504(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((key0 === "metadata") || (key0 === "spec"))){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate219(data.spec)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate502(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.template === undefined){
data.template = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "template"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate504(data.template)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate508(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.range === undefined){
data.range = "";
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "range")) || (key0 === "data"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(typeof data.range !== "string"){
return false;
}
{
if(data.data !== undefined){
if(!bytesOk(data.data)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate512(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.replicas === undefined){
data.replicas = 1;
}
for(const key0 in data){
if(!((((key0 === "replicas") || (key0 === "minReadySeconds")) || (key0 === "selector")) || (key0 === "template"))){
return false;
}
}
{
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(data.minReadySeconds !== undefined){
let data1 = data.minReadySeconds;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.selector !== undefined){
let data2 = data.selector;
if(isEmpty(data2)){
return false;
}
{
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
if(typeof data2[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.template !== undefined){
if(!validate504(data.template)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate516(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate515(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.replicas === undefined){
data.replicas = 0;
}
for(const key0 in data){
if(!((((((key0 === "replicas") || (key0 === "fullyLabeledReplicas")) || (key0 === "readyReplicas")) || (key0 === "availableReplicas")) || (key0 === "observedGeneration")) || (key0 === "conditions"))){
return false;
}
}
{
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(data.fullyLabeledReplicas !== undefined){
let data1 = data.fullyLabeledReplicas;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.readyReplicas !== undefined){
let data2 = data.readyReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.availableReplicas !== undefined){
let data3 = data.availableReplicas;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
if(data3 === 0){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.observedGeneration !== undefined){
let data4 = data.observedGeneration;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 9007199254740991 || isNaN(data4)){
return false;
}
else {
if(data4 < -9007199254740991 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.conditions !== undefined){
let data5 = data.conditions;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
if(!validate516(data5[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate510(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate512(data.spec)) return false;
{
if(!validate515(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate523(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.scopeName === undefined){
data.scopeName = "";
}
if(data.operator === undefined){
data.operator = "";
}
for(const key0 in data){
if(!(((key0 === "scopeName") || (key0 === "operator")) || (key0 === "values"))){
return false;
}
}
{
if(typeof data.scopeName !== "string"){
return false;
}
{
if(typeof data.operator !== "string"){
return false;
}
{
if(data.values !== undefined){
let data2 = data.values;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate522(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "matchExpressions")){
return false;
}
}
{
if(data.matchExpressions !== undefined){
let data0 = data.matchExpressions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate523(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate521(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "hard") || (key0 === "scopes")) || (key0 === "scopeSelector"))){
return false;
}
}
{
if(data.hard !== undefined){
let data0 = data.hard;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
let data1 = data0[key1];
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data0[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.scopes !== undefined){
let data2 = data.scopes;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.scopeSelector !== undefined){
if(!validate522(data.scopeSelector)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate527(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "hard") || (key0 === "used"))){
return false;
}
}
{
if(data.hard !== undefined){
let data0 = data.hard;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
let data1 = data0[key1];
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data0[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
if(data.used !== undefined){
let data2 = data.used;
if(isEmpty(data2)){
return false;
}
{
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key2 in data2){
let data3 = data2[key2];
const text1 = quantityText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data2[key2] = text1;
}
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate519(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate521(data.spec)) return false;
{
if(!validate527(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate529(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!(((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "immutable")) || (key0 === "data")) || (key0 === "stringData")) || (key0 === "type"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.immutable !== undefined){
if(typeof data.immutable !== "boolean"){
return false;
}
}
{
if(data.data !== undefined){
let data4 = data.data;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(!bytesOk(data4[key1])){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.stringData !== undefined){
let data6 = data.stringData;
if(isEmpty(data6)){
return false;
}
{
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key2 in data6){
if(typeof data6[key2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.type !== undefined){
let data8 = data.type;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate531(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.reference === undefined){
data.reference = {};
}
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "reference"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate44(data.reference)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
const schema231 = { properties: {"ports":0,"selector":0,"clusterIP":0,"clusterIPs":0,"type":0,"externalIPs":0,"sessionAffinity":0,"loadBalancerIP":0,"loadBalancerSourceRanges":0,"externalName":0,"externalTrafficPolicy":0,"healthCheckNodePort":0,"publishNotReadyAddresses":0,"sessionAffinityConfig":0,"ipFamilies":0,"ipFamilyPolicy":0,"allocateLoadBalancerNodePorts":0,"loadBalancerClass":0,"internalTrafficPolicy":0,"trafficDistribution":0} };
function validate536(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.protocol === undefined){
data.protocol = "TCP";
}
if(data.port === undefined){
data.port = 0;
}
for(const key0 in data){
if(!((((((key0 === "name") || (key0 === "protocol")) || (key0 === "appProtocol")) || (key0 === "port")) || (key0 === "targetPort")) || (key0 === "nodePort"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
let data1 = data.protocol;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
{
if(data.appProtocol !== undefined){
if(typeof data.appProtocol !== "string"){
return false;
}
}
{
let data3 = data.port;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
{
if(data.targetPort !== undefined){
if(!intOrStringOk(data.targetPort)){
return false;
}
}
{
if(data.nodePort !== undefined){
let data5 = data.nodePort;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate539(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "timeoutSeconds")){
return false;
}
}
{
if(data.timeoutSeconds !== undefined){
let data0 = data.timeoutSeconds;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate538(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "clientIP")){
return false;
}
}
{
if(data.clientIP !== undefined){
if(!validate539(data.clientIP)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate535(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema231.properties, key0))){
return false;
}
}
{
if(data.ports !== undefined){
let data0 = data.ports;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate536(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.selector !== undefined){
let data2 = data.selector;
if(isEmpty(data2)){
return false;
}
{
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
if(typeof data2[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.clusterIP !== undefined){
let data4 = data.clusterIP;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.clusterIPs !== undefined){
let data5 = data.clusterIPs;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(typeof data5[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.type !== undefined){
let data7 = data.type;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
if(data.externalIPs !== undefined){
let data8 = data.externalIPs;
if(!data8?.length){
return false;
}
{
if(Array.isArray(data8)){
const len2 = data8.length;
for(let i2=0; i2<len2; i2++){
if(typeof data8[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.sessionAffinity !== undefined){
let data10 = data.sessionAffinity;
if(typeof data10 !== "string"){
return false;
}
if(data10 === ""){
return false;
}
}
{
if(data.loadBalancerIP !== undefined){
let data11 = data.loadBalancerIP;
if(typeof data11 !== "string"){
return false;
}
if(data11 === ""){
return false;
}
}
{
if(data.loadBalancerSourceRanges !== undefined){
let data12 = data.loadBalancerSourceRanges;
if(!data12?.length){
return false;
}
{
if(Array.isArray(data12)){
const len3 = data12.length;
for(let i3=0; i3<len3; i3++){
if(typeof data12[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.externalName !== undefined){
let data14 = data.externalName;
if(typeof data14 !== "string"){
return false;
}
if(data14 === ""){
return false;
}
}
{
if(data.externalTrafficPolicy !== undefined){
let data15 = data.externalTrafficPolicy;
if(typeof data15 !== "string"){
return false;
}
if(data15 === ""){
return false;
}
}
{
if(data.healthCheckNodePort !== undefined){
let data16 = data.healthCheckNodePort;
if(!((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16)))){
return false;
}
if(data16 === 0){
return false;
}
{
if(typeof data16 == "number"){
if(data16 > 2147483647 || isNaN(data16)){
return false;
}
else {
if(data16 < -2147483648 || isNaN(data16)){
return false;
}
}
}
}
}
{
if(data.publishNotReadyAddresses !== undefined){
let data17 = data.publishNotReadyAddresses;
if(typeof data17 !== "boolean"){
return false;
}
if(data17 === false){
return false;
}
}
{
if(data.sessionAffinityConfig !== undefined){
if(!validate538(data.sessionAffinityConfig)) return false;
}
{
if(data.ipFamilies !== undefined){
let data19 = data.ipFamilies;
if(!data19?.length){
return false;
}
{
if(Array.isArray(data19)){
const len4 = data19.length;
for(let i4=0; i4<len4; i4++){
if(typeof data19[i4] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.ipFamilyPolicy !== undefined){
if(typeof data.ipFamilyPolicy !== "string"){
return false;
}
}
{
if(data.allocateLoadBalancerNodePorts !== undefined){
if(typeof data.allocateLoadBalancerNodePorts !== "boolean"){
return false;
}
}
{
if(data.loadBalancerClass !== undefined){
if(typeof data.loadBalancerClass !== "string"){
return false;
}
}
{
if(data.internalTrafficPolicy !== undefined){
if(typeof data.internalTrafficPolicy !== "string"){
return false;
}
}
{
if(data.trafficDistribution !== undefined){
if(typeof data.trafficDistribution !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate546(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.port === undefined){
data.port = 0;
}
if(data.protocol === undefined){
data.protocol = "";
}
for(const key0 in data){
if(!(((key0 === "port") || (key0 === "protocol")) || (key0 === "error"))){
return false;
}
}
{
let data0 = data.port;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(typeof data.protocol !== "string"){
return false;
}
{
if(data.error !== undefined){
if(typeof data.error !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate545(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "ip") || (key0 === "hostname")) || (key0 === "ipMode")) || (key0 === "ports"))){
return false;
}
}
{
if(data.ip !== undefined){
let data0 = data.ip;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.hostname !== undefined){
let data1 = data.hostname;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.ipMode !== undefined){
if(typeof data.ipMode !== "string"){
return false;
}
}
{
if(data.ports !== undefined){
let data3 = data.ports;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate546(data3[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate544(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "ingress")){
return false;
}
}
{
if(data.ingress !== undefined){
let data0 = data.ingress;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate545(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate550(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.reason === undefined){
data.reason = "";
}
if(data.message === undefined){
data.message = "";
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "status")) || (key0 === "observedGeneration")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
if(data.observedGeneration !== undefined){
let data2 = data.observedGeneration;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.lastTransitionTime !== undefined){
let data3 = data.lastTransitionTime;
const text0 = timeText(data3);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data3){
data["lastTransitionTime"] = text0;
}
}
}
{
if(typeof data.reason !== "string"){
return false;
}
{
if(typeof data.message !== "string"){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate543(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.loadBalancer === undefined){
data.loadBalancer = {};
}
for(const key0 in data){
if(!((key0 === "loadBalancer") || (key0 === "conditions"))){
return false;
}
}
{
if(!validate544(data.loadBalancer)) return false;
{
if(data.conditions !== undefined){
let data1 = data.conditions;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate550(data1[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate533(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate535(data.spec)) return false;
{
if(!validate543(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate553(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "secrets")) || (key0 === "imagePullSecrets")) || (key0 === "automountServiceAccountToken"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.secrets !== undefined){
let data3 = data.secrets;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate44(data3[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.imagePullSecrets !== undefined){
let data5 = data.imagePullSecrets;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(!validate234(data5[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.automountServiceAccountToken !== undefined){
if(typeof data.automountServiceAccountToken !== "boolean"){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate557(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "path"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.path !== undefined){
let data2 = data.path;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema243 = { properties: {"uid":0,"kind":0,"resource":0,"subResource":0,"requestKind":0,"requestResource":0,"requestSubResource":0,"name":0,"namespace":0,"operation":0,"userInfo":0,"object":0,"oldObject":0,"dryRun":0,"options":0} };
function validate560(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.group === undefined){
data.group = "";
}
if(data.version === undefined){
data.version = "";
}
if(data.kind === undefined){
data.kind = "";
}
for(const key0 in data){
if(!(((key0 === "group") || (key0 === "version")) || (key0 === "kind"))){
return false;
}
}
{
if(typeof data.group !== "string"){
return false;
}
{
if(typeof data.version !== "string"){
return false;
}
{
if(typeof data.kind !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate562(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.group === undefined){
data.group = "";
}
if(data.version === undefined){
data.version = "";
}
if(data.resource === undefined){
data.resource = "";
}
for(const key0 in data){
if(!(((key0 === "group") || (key0 === "version")) || (key0 === "resource"))){
return false;
}
}
{
if(typeof data.group !== "string"){
return false;
}
{
if(typeof data.version !== "string"){
return false;
}
{
if(typeof data.resource !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate566(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "username") || (key0 === "uid")) || (key0 === "groups")) || (key0 === "extra"))){
return false;
}
}
{
if(data.username !== undefined){
let data0 = data.username;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.uid !== undefined){
let data1 = data.uid;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.groups !== undefined){
let data2 = data.groups;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.extra !== undefined){
let data4 = data.extra;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
let data5 = data4[key1];
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(typeof data5[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate559(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = {};
}
if(data.resource === undefined){
data.resource = {};
}
if(data.userInfo === undefined){
data.userInfo = {};
}
for(const key0 in data){
if(!(func0.call(schema243.properties, key0))){
return false;
}
}
{
if(data.uid !== undefined){
let data0 = data.uid;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(!validate560(data.kind)) return false;
{
if(!validate562(data.resource)) return false;
{
if(data.subResource !== undefined){
let data3 = data.subResource;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.requestKind !== undefined){
if(!validate560(data.requestKind)) return false;
}
{
if(data.requestResource !== undefined){
if(!validate562(data.requestResource)) return false;
}
{
if(data.requestSubResource !== undefined){
let data6 = data.requestSubResource;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.name !== undefined){
let data7 = data.name;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
if(data.namespace !== undefined){
let data8 = data.namespace;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
}
{
if(data.operation !== undefined){
let data9 = data.operation;
if(typeof data9 !== "string"){
return false;
}
if(data9 === ""){
return false;
}
}
{
if(!validate566(data.userInfo)) return false;
{
if(data.object !== undefined){
if(!rawOk(data.object)){
return false;
}
}
{
if(data.oldObject !== undefined){
if(!rawOk(data.oldObject)){
return false;
}
}
{
if(data.dryRun !== undefined){
if(typeof data.dryRun !== "boolean"){
return false;
}
}
{
if(data.options !== undefined){
if(!rawOk(data.options)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate569(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "uid") || (key0 === "allowed")) || (key0 === "status")) || (key0 === "patch")) || (key0 === "patchType")) || (key0 === "auditAnnotations")) || (key0 === "warnings"))){
return false;
}
}
{
if(data.uid !== undefined){
let data0 = data.uid;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.allowed !== undefined){
let data1 = data.allowed;
if(typeof data1 !== "boolean"){
return false;
}
if(data1 === false){
return false;
}
}
{
if(data.status !== undefined){
if(!validate22(data.status)) return false;
}
{
if(data.patch !== undefined){
let data3 = data.patch;
if(!bytesOk(data3)){
return false;
}
else {
if(data3 === ""){
return false;
}
}
}
{
if(data.patchType !== undefined){
if(typeof data.patchType !== "string"){
return false;
}
}
{
if(data.auditAnnotations !== undefined){
let data5 = data.auditAnnotations;
if(isEmpty(data5)){
return false;
}
{
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key1 in data5){
if(typeof data5[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.warnings !== undefined){
let data7 = data.warnings;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(typeof data7[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate558(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "request")) || (key0 === "response"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.request !== undefined){
if(!validate559(data.request)) return false;
}
{
if(data.response !== undefined){
if(!validate569(data.response)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate575(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "apiVersion") || (key0 === "kind"))){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate580(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "apiGroups") || (key0 === "apiVersions")) || (key0 === "resources")) || (key0 === "scope")) || (key0 === "operations")) || (key0 === "resourceNames"))){
return false;
}
}
{
if(data.apiGroups !== undefined){
let data0 = data.apiGroups;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.apiVersions !== undefined){
let data2 = data.apiVersions;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.resources !== undefined){
let data4 = data.resources;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(typeof data4[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.scope !== undefined){
if(typeof data.scope !== "string"){
return false;
}
}
{
if(data.operations !== undefined){
let data7 = data.operations;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len3 = data7.length;
for(let i3=0; i3<len3; i3++){
if(typeof data7[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.resourceNames !== undefined){
let data9 = data.resourceNames;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len4 = data9.length;
for(let i4=0; i4<len4; i4++){
if(typeof data9[i4] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate577(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "namespaceSelector") || (key0 === "objectSelector")) || (key0 === "resourceRules")) || (key0 === "excludeResourceRules")) || (key0 === "matchPolicy"))){
return false;
}
}
{
if(data.namespaceSelector !== undefined){
if(!validate200(data.namespaceSelector)) return false;
}
{
if(data.objectSelector !== undefined){
if(!validate200(data.objectSelector)) return false;
}
{
if(data.resourceRules !== undefined){
let data2 = data.resourceRules;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate580(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.excludeResourceRules !== undefined){
let data4 = data.excludeResourceRules;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
if(!validate580(data4[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.matchPolicy !== undefined){
if(typeof data.matchPolicy !== "string"){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate584(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.expression === undefined){
data.expression = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "expression"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.expression !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate587(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "expression")){
return false;
}
}
{
if(data.expression !== undefined){
let data0 = data.expression;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate589(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "expression")){
return false;
}
}
{
if(data.expression !== undefined){
let data0 = data.expression;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate586(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.patchType === undefined){
data.patchType = "";
}
for(const key0 in data){
if(!(((key0 === "patchType") || (key0 === "applyConfiguration")) || (key0 === "jsonPatch"))){
return false;
}
}
{
if(typeof data.patchType !== "string"){
return false;
}
{
if(data.applyConfiguration !== undefined){
if(!validate587(data.applyConfiguration)) return false;
}
{
if(data.jsonPatch !== undefined){
if(!validate589(data.jsonPatch)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate592(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.expression === undefined){
data.expression = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "expression"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.expression !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate574(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "paramKind") || (key0 === "matchConstraints")) || (key0 === "variables")) || (key0 === "mutations")) || (key0 === "failurePolicy")) || (key0 === "matchConditions")) || (key0 === "reinvocationPolicy"))){
return false;
}
}
{
if(data.paramKind !== undefined){
if(!validate575(data.paramKind)) return false;
}
{
if(data.matchConstraints !== undefined){
if(!validate577(data.matchConstraints)) return false;
}
{
if(data.variables !== undefined){
let data2 = data.variables;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate584(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.mutations !== undefined){
let data4 = data.mutations;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
if(!validate586(data4[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.failurePolicy !== undefined){
if(typeof data.failurePolicy !== "string"){
return false;
}
}
{
if(data.matchConditions !== undefined){
let data7 = data.matchConditions;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len2 = data7.length;
for(let i2=0; i2<len2; i2++){
if(!validate592(data7[i2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.reinvocationPolicy !== undefined){
let data9 = data.reinvocationPolicy;
if(typeof data9 !== "string"){
return false;
}
if(data9 === ""){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate572(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate574(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate598(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "namespace")) || (key0 === "selector")) || (key0 === "parameterNotFoundAction"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.namespace !== undefined){
let data1 = data.namespace;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(data.parameterNotFoundAction !== undefined){
if(typeof data.parameterNotFoundAction !== "string"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate597(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "policyName") || (key0 === "paramRef")) || (key0 === "matchResources"))){
return false;
}
}
{
if(data.policyName !== undefined){
let data0 = data.policyName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.paramRef !== undefined){
if(!validate598(data.paramRef)) return false;
}
{
if(data.matchResources !== undefined){
if(!validate577(data.matchResources)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate595(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate597(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema262 = { properties: {"name":0,"clientConfig":0,"rules":0,"failurePolicy":0,"matchPolicy":0,"namespaceSelector":0,"objectSelector":0,"sideEffects":0,"timeoutSeconds":0,"admissionReviewVersions":0,"reinvocationPolicy":0,"matchConditions":0} };
function validate607(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.namespace === undefined){
data.namespace = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((((key0 === "namespace") || (key0 === "name")) || (key0 === "path")) || (key0 === "port"))){
return false;
}
}
{
if(typeof data.namespace !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.path !== undefined){
if(typeof data.path !== "string"){
return false;
}
}
{
if(data.port !== undefined){
let data3 = data.port;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate606(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "url") || (key0 === "service")) || (key0 === "caBundle"))){
return false;
}
}
{
if(data.url !== undefined){
if(typeof data.url !== "string"){
return false;
}
}
{
if(data.service !== undefined){
if(!validate607(data.service)) return false;
}
{
if(data.caBundle !== undefined){
let data2 = data.caBundle;
if(!bytesOk(data2)){
return false;
}
else {
if(data2 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate610(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "apiGroups") || (key0 === "apiVersions")) || (key0 === "resources")) || (key0 === "scope")) || (key0 === "operations"))){
return false;
}
}
{
if(data.apiGroups !== undefined){
let data0 = data.apiGroups;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.apiVersions !== undefined){
let data2 = data.apiVersions;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.resources !== undefined){
let data4 = data.resources;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(typeof data4[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.scope !== undefined){
if(typeof data.scope !== "string"){
return false;
}
}
{
if(data.operations !== undefined){
let data7 = data.operations;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len3 = data7.length;
for(let i3=0; i3<len3; i3++){
if(typeof data7[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate605(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.clientConfig === undefined){
data.clientConfig = {};
}
if(data.admissionReviewVersions === undefined){
data.admissionReviewVersions = [];
}
for(const key0 in data){
if(!(func0.call(schema262.properties, key0))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate606(data.clientConfig)) return false;
{
if(data.rules !== undefined){
let data2 = data.rules;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate610(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.failurePolicy !== undefined){
if(typeof data.failurePolicy !== "string"){
return false;
}
}
{
if(data.matchPolicy !== undefined){
if(typeof data.matchPolicy !== "string"){
return false;
}
}
{
if(data.namespaceSelector !== undefined){
if(!validate200(data.namespaceSelector)) return false;
}
{
if(data.objectSelector !== undefined){
if(!validate200(data.objectSelector)) return false;
}
{
if(data.sideEffects !== undefined){
if(typeof data.sideEffects !== "string"){
return false;
}
}
{
if(data.timeoutSeconds !== undefined){
let data9 = data.timeoutSeconds;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 2147483647 || isNaN(data9)){
return false;
}
else {
if(data9 < -2147483648 || isNaN(data9)){
return false;
}
}
}
}
}
{
let data10 = data.admissionReviewVersions;
{
if(Array.isArray(data10)){
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
if(typeof data10[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.reinvocationPolicy !== undefined){
if(typeof data.reinvocationPolicy !== "string"){
return false;
}
}
{
if(data.matchConditions !== undefined){
let data13 = data.matchConditions;
if(!data13?.length){
return false;
}
{
if(Array.isArray(data13)){
const len2 = data13.length;
for(let i2=0; i2<len2; i2++){
if(!validate592(data13[i2])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate603(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "webhooks"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.webhooks !== undefined){
let data3 = data.webhooks;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate605(data3[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate621(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.expression === undefined){
data.expression = "";
}
for(const key0 in data){
if(!((((key0 === "expression") || (key0 === "message")) || (key0 === "reason")) || (key0 === "messageExpression"))){
return false;
}
}
{
if(typeof data.expression !== "string"){
return false;
}
{
if(data.message !== undefined){
let data1 = data.message;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.reason !== undefined){
if(typeof data.reason !== "string"){
return false;
}
}
{
if(data.messageExpression !== undefined){
let data3 = data.messageExpression;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate623(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.valueExpression === undefined){
data.valueExpression = "";
}
for(const key0 in data){
if(!((key0 === "key") || (key0 === "valueExpression"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(typeof data.valueExpression !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate618(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "paramKind") || (key0 === "matchConstraints")) || (key0 === "validations")) || (key0 === "failurePolicy")) || (key0 === "auditAnnotations")) || (key0 === "matchConditions")) || (key0 === "variables"))){
return false;
}
}
{
if(data.paramKind !== undefined){
if(!validate575(data.paramKind)) return false;
}
{
if(data.matchConstraints !== undefined){
if(!validate577(data.matchConstraints)) return false;
}
{
if(data.validations !== undefined){
let data2 = data.validations;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate621(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.failurePolicy !== undefined){
if(typeof data.failurePolicy !== "string"){
return false;
}
}
{
if(data.auditAnnotations !== undefined){
let data5 = data.auditAnnotations;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(!validate623(data5[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.matchConditions !== undefined){
let data7 = data.matchConditions;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len2 = data7.length;
for(let i2=0; i2<len2; i2++){
if(!validate592(data7[i2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.variables !== undefined){
let data9 = data.variables;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len3 = data9.length;
for(let i3=0; i3<len3; i3++){
if(!validate584(data9[i3])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate630(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.fieldRef === undefined){
data.fieldRef = "";
}
if(data.warning === undefined){
data.warning = "";
}
for(const key0 in data){
if(!((key0 === "fieldRef") || (key0 === "warning"))){
return false;
}
}
{
if(typeof data.fieldRef !== "string"){
return false;
}
{
if(typeof data.warning !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate629(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "expressionWarnings")){
return false;
}
}
{
if(data.expressionWarnings !== undefined){
let data0 = data.expressionWarnings;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate630(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate628(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "observedGeneration") || (key0 === "typeChecking")) || (key0 === "conditions"))){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data0 = data.observedGeneration;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
if(data0 === 0){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.typeChecking !== undefined){
if(!validate629(data.typeChecking)) return false;
}
{
if(data.conditions !== undefined){
let data2 = data.conditions;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate550(data2[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate616(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate618(data.spec)) return false;
{
if(!validate628(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate637(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "policyName") || (key0 === "paramRef")) || (key0 === "matchResources")) || (key0 === "validationActions"))){
return false;
}
}
{
if(data.policyName !== undefined){
let data0 = data.policyName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.paramRef !== undefined){
if(!validate598(data.paramRef)) return false;
}
{
if(data.matchResources !== undefined){
if(!validate577(data.matchResources)) return false;
}
{
if(data.validationActions !== undefined){
let data3 = data.validationActions;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(typeof data3[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate635(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate637(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema276 = { properties: {"name":0,"clientConfig":0,"rules":0,"failurePolicy":0,"matchPolicy":0,"namespaceSelector":0,"objectSelector":0,"sideEffects":0,"timeoutSeconds":0,"admissionReviewVersions":0,"matchConditions":0} };
function validate643(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.clientConfig === undefined){
data.clientConfig = {};
}
if(data.admissionReviewVersions === undefined){
data.admissionReviewVersions = [];
}
for(const key0 in data){
if(!(func0.call(schema276.properties, key0))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate606(data.clientConfig)) return false;
{
if(data.rules !== undefined){
let data2 = data.rules;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate610(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.failurePolicy !== undefined){
if(typeof data.failurePolicy !== "string"){
return false;
}
}
{
if(data.matchPolicy !== undefined){
if(typeof data.matchPolicy !== "string"){
return false;
}
}
{
if(data.namespaceSelector !== undefined){
if(!validate200(data.namespaceSelector)) return false;
}
{
if(data.objectSelector !== undefined){
if(!validate200(data.objectSelector)) return false;
}
{
if(data.sideEffects !== undefined){
if(typeof data.sideEffects !== "string"){
return false;
}
}
{
if(data.timeoutSeconds !== undefined){
let data9 = data.timeoutSeconds;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 2147483647 || isNaN(data9)){
return false;
}
else {
if(data9 < -2147483648 || isNaN(data9)){
return false;
}
}
}
}
}
{
let data10 = data.admissionReviewVersions;
{
if(Array.isArray(data10)){
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
if(typeof data10[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.matchConditions !== undefined){
let data12 = data.matchConditions;
if(!data12?.length){
return false;
}
{
if(Array.isArray(data12)){
const len2 = data12.length;
for(let i2=0; i2<len2; i2++){
if(!validate592(data12[i2])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate641(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "webhooks"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.webhooks !== undefined){
let data3 = data.webhooks;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate643(data3[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate651(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uid === undefined){
data.uid = "";
}
if(data.desiredAPIVersion === undefined){
data.desiredAPIVersion = "";
}
if(data.objects === undefined){
data.objects = [];
}
for(const key0 in data){
if(!(((key0 === "uid") || (key0 === "desiredAPIVersion")) || (key0 === "objects"))){
return false;
}
}
{
if(typeof data.uid !== "string"){
return false;
}
{
if(typeof data.desiredAPIVersion !== "string"){
return false;
}
{
let data2 = data.objects;
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!rawOk(data2[i0])){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate653(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uid === undefined){
data.uid = "";
}
if(data.convertedObjects === undefined){
data.convertedObjects = [];
}
if(data.result === undefined){
data.result = {};
}
for(const key0 in data){
if(!(((key0 === "uid") || (key0 === "convertedObjects")) || (key0 === "result"))){
return false;
}
}
{
if(typeof data.uid !== "string"){
return false;
}
{
let data1 = data.convertedObjects;
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!rawOk(data1[i0])){
return false;
}
}
}
else {
return false;
}
}
{
if(!validate22(data.result)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate650(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "request")) || (key0 === "response"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.request !== undefined){
if(!validate651(data.request)) return false;
}
{
if(data.response !== undefined){
if(!validate653(data.response)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate659(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.plural === undefined){
data.plural = "";
}
if(data.kind === undefined){
data.kind = "";
}
for(const key0 in data){
if(!((((((key0 === "plural") || (key0 === "singular")) || (key0 === "shortNames")) || (key0 === "kind")) || (key0 === "listKind")) || (key0 === "categories"))){
return false;
}
}
{
if(typeof data.plural !== "string"){
return false;
}
{
if(data.singular !== undefined){
let data1 = data.singular;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.shortNames !== undefined){
let data2 = data.shortNames;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(data.listKind !== undefined){
let data5 = data.listKind;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.categories !== undefined){
let data6 = data.categories;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(typeof data6[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema283 = { properties: {"name":0,"served":0,"storage":0,"deprecated":0,"deprecationWarning":0,"schema":0,"subresources":0,"additionalPrinterColumns":0,"selectableFields":0} };
const schema285 = { properties: {"id":0,"$schema":0,"$ref":0,"description":0,"type":0,"format":0,"title":0,"default":0,"maximum":0,"exclusiveMaximum":0,"minimum":0,"exclusiveMinimum":0,"maxLength":0,"minLength":0,"pattern":0,"maxItems":0,"minItems":0,"uniqueItems":0,"multipleOf":0,"enum":0,"maxProperties":0,"minProperties":0,"required":0,"items":0,"allOf":0,"oneOf":0,"anyOf":0,"not":0,"properties":0,"additionalProperties":0,"patternProperties":0,"dependencies":0,"additionalItems":0,"definitions":0,"externalDocs":0,"example":0,"nullable":0,"x-kubernetes-preserve-unknown-fields":0,"x-kubernetes-embedded-resource":0,"x-kubernetes-int-or-string":0,"x-kubernetes-list-map-keys":0,"x-kubernetes-list-type":0,"x-kubernetes-map-type":0,"x-kubernetes-validations":0} };
const wrapper0 = {validate: validate663};
function validate664(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "description") || (key0 === "url"))){
return false;
}
}
{
if(data.description !== undefined){
let data0 = data.description;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.url !== undefined){
let data1 = data.url;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate666(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.rule === undefined){
data.rule = "";
}
for(const key0 in data){
if(!((((((key0 === "rule") || (key0 === "message")) || (key0 === "messageExpression")) || (key0 === "reason")) || (key0 === "fieldPath")) || (key0 === "optionalOldSelf"))){
return false;
}
}
{
if(typeof data.rule !== "string"){
return false;
}
{
if(data.message !== undefined){
let data1 = data.message;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.messageExpression !== undefined){
let data2 = data.messageExpression;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.reason !== undefined){
if(typeof data.reason !== "string"){
return false;
}
}
{
if(data.fieldPath !== undefined){
let data4 = data.fieldPath;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.optionalOldSelf !== undefined){
if(typeof data.optionalOldSelf !== "boolean"){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate663(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema285.properties, key0))){
return false;
}
}
{
if(data.id !== undefined){
let data0 = data.id;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.$schema !== undefined){
let data1 = data.$schema;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.$ref !== undefined){
if(typeof data.$ref !== "string"){
return false;
}
}
{
if(data.description !== undefined){
let data3 = data.description;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.type !== undefined){
let data4 = data.type;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.format !== undefined){
let data5 = data.format;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.title !== undefined){
let data6 = data.title;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.default !== undefined){
if(!anyOk(data.default)){
return false;
}
}
{
if(data.maximum !== undefined){
if(!(typeof data.maximum == "number")){
return false;
}
}
{
if(data.exclusiveMaximum !== undefined){
let data9 = data.exclusiveMaximum;
if(typeof data9 !== "boolean"){
return false;
}
if(data9 === false){
return false;
}
}
{
if(data.minimum !== undefined){
if(!(typeof data.minimum == "number")){
return false;
}
}
{
if(data.exclusiveMinimum !== undefined){
let data11 = data.exclusiveMinimum;
if(typeof data11 !== "boolean"){
return false;
}
if(data11 === false){
return false;
}
}
{
if(data.maxLength !== undefined){
let data12 = data.maxLength;
if(!((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12)))){
return false;
}
{
if(typeof data12 == "number"){
if(data12 > 9007199254740991 || isNaN(data12)){
return false;
}
else {
if(data12 < -9007199254740991 || isNaN(data12)){
return false;
}
}
}
}
}
{
if(data.minLength !== undefined){
let data13 = data.minLength;
if(!((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13)))){
return false;
}
{
if(typeof data13 == "number"){
if(data13 > 9007199254740991 || isNaN(data13)){
return false;
}
else {
if(data13 < -9007199254740991 || isNaN(data13)){
return false;
}
}
}
}
}
{
if(data.pattern !== undefined){
let data14 = data.pattern;
if(typeof data14 !== "string"){
return false;
}
if(data14 === ""){
return false;
}
}
{
if(data.maxItems !== undefined){
let data15 = data.maxItems;
if(!((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15)))){
return false;
}
{
if(typeof data15 == "number"){
if(data15 > 9007199254740991 || isNaN(data15)){
return false;
}
else {
if(data15 < -9007199254740991 || isNaN(data15)){
return false;
}
}
}
}
}
{
if(data.minItems !== undefined){
let data16 = data.minItems;
if(!((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16)))){
return false;
}
{
if(typeof data16 == "number"){
if(data16 > 9007199254740991 || isNaN(data16)){
return false;
}
else {
if(data16 < -9007199254740991 || isNaN(data16)){
return false;
}
}
}
}
}
{
if(data.uniqueItems !== undefined){
let data17 = data.uniqueItems;
if(typeof data17 !== "boolean"){
return false;
}
if(data17 === false){
return false;
}
}
{
if(data.multipleOf !== undefined){
if(!(typeof data.multipleOf == "number")){
return false;
}
}
{
if(data.enum !== undefined){
let data19 = data.enum;
if(!data19?.length){
return false;
}
{
if(Array.isArray(data19)){
const len0 = data19.length;
for(let i0=0; i0<len0; i0++){
if(!anyOk(data19[i0])){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.maxProperties !== undefined){
let data21 = data.maxProperties;
if(!((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21)))){
return false;
}
{
if(typeof data21 == "number"){
if(data21 > 9007199254740991 || isNaN(data21)){
return false;
}
else {
if(data21 < -9007199254740991 || isNaN(data21)){
return false;
}
}
}
}
}
{
if(data.minProperties !== undefined){
let data22 = data.minProperties;
if(!((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22)))){
return false;
}
{
if(typeof data22 == "number"){
if(data22 > 9007199254740991 || isNaN(data22)){
return false;
}
else {
if(data22 < -9007199254740991 || isNaN(data22)){
return false;
}
}
}
}
}
{
if(data.required !== undefined){
let data23 = data.required;
if(!data23?.length){
return false;
}
{
if(Array.isArray(data23)){
const len1 = data23.length;
for(let i1=0; i1<len1; i1++){
if(typeof data23[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.items !== undefined){
if(data.items !== undefined){
return false;
}
}
{
if(data.allOf !== undefined){
let data26 = data.allOf;
if(!data26?.length){
return false;
}
{
if(Array.isArray(data26)){
const len2 = data26.length;
for(let i2=0; i2<len2; i2++){
if(!wrapper0.validate(data26[i2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.oneOf !== undefined){
let data28 = data.oneOf;
if(!data28?.length){
return false;
}
{
if(Array.isArray(data28)){
const len3 = data28.length;
for(let i3=0; i3<len3; i3++){
if(!wrapper0.validate(data28[i3])) return false;
}
}
else {
return false;
}
}
}
{
if(data.anyOf !== undefined){
let data30 = data.anyOf;
if(!data30?.length){
return false;
}
{
if(Array.isArray(data30)){
const len4 = data30.length;
for(let i4=0; i4<len4; i4++){
if(!wrapper0.validate(data30[i4])) return false;
}
}
else {
return false;
}
}
}
{
if(data.not !== undefined){
if(!wrapper0.validate(data.not)) return false;
}
{
if(data.properties !== undefined){
let data33 = data.properties;
if(isEmpty(data33)){
return false;
}
{
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
for(const key1 in data33){
if(!wrapper0.validate(data33[key1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.additionalProperties !== undefined){
if(data.additionalProperties !== undefined){
return false;
}
}
{
if(data.patternProperties !== undefined){
let data36 = data.patternProperties;
if(isEmpty(data36)){
return false;
}
{
if(data36 && typeof data36 == "object" && !Array.isArray(data36)){
for(const key2 in data36){
if(!wrapper0.validate(data36[key2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.dependencies !== undefined){
let data38 = data.dependencies;
if(isEmpty(data38)){
return false;
}
{
if(data38 && typeof data38 == "object" && !Array.isArray(data38)){
for(const key3 in data38){
if(data38[key3] !== undefined){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.additionalItems !== undefined){
if(data.additionalItems !== undefined){
return false;
}
}
{
if(data.definitions !== undefined){
let data41 = data.definitions;
if(isEmpty(data41)){
return false;
}
{
if(data41 && typeof data41 == "object" && !Array.isArray(data41)){
for(const key4 in data41){
if(!wrapper0.validate(data41[key4])) return false;
}
}
else {
return false;
}
}
}
{
if(data.externalDocs !== undefined){
if(!validate664(data.externalDocs)) return false;
}
{
if(data.example !== undefined){
if(!anyOk(data.example)){
return false;
}
}
{
if(data.nullable !== undefined){
let data45 = data.nullable;
if(typeof data45 !== "boolean"){
return false;
}
if(data45 === false){
return false;
}
}
{
if(data["x-kubernetes-preserve-unknown-fields"] !== undefined){
if(typeof data["x-kubernetes-preserve-unknown-fields"] !== "boolean"){
return false;
}
}
{
if(data["x-kubernetes-embedded-resource"] !== undefined){
let data47 = data["x-kubernetes-embedded-resource"];
if(typeof data47 !== "boolean"){
return false;
}
if(data47 === false){
return false;
}
}
{
if(data["x-kubernetes-int-or-string"] !== undefined){
let data48 = data["x-kubernetes-int-or-string"];
if(typeof data48 !== "boolean"){
return false;
}
if(data48 === false){
return false;
}
}
{
if(data["x-kubernetes-list-map-keys"] !== undefined){
let data49 = data["x-kubernetes-list-map-keys"];
if(!data49?.length){
return false;
}
{
if(Array.isArray(data49)){
const len5 = data49.length;
for(let i5=0; i5<len5; i5++){
if(typeof data49[i5] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data["x-kubernetes-list-type"] !== undefined){
if(typeof data["x-kubernetes-list-type"] !== "string"){
return false;
}
}
{
if(data["x-kubernetes-map-type"] !== undefined){
if(typeof data["x-kubernetes-map-type"] !== "string"){
return false;
}
}
{
if(data["x-kubernetes-validations"] !== undefined){
let data53 = data["x-kubernetes-validations"];
if(!data53?.length){
return false;
}
{
if(Array.isArray(data53)){
const len6 = data53.length;
for(let i6=0; i6<len6; i6++){
if(!validate666(data53[i6])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate662(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "openAPIV3Schema")){
return false;
}
}
{
if(data.openAPIV3Schema !== undefined){
if(!validate663(data.openAPIV3Schema)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate671(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
return false;
}
}
else {
return false;
}
}
return true;
}
function validate673(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.specReplicasPath === undefined){
data.specReplicasPath = "";
}
if(data.statusReplicasPath === undefined){
data.statusReplicasPath = "";
}
for(const key0 in data){
if(!(((key0 === "specReplicasPath") || (key0 === "statusReplicasPath")) || (key0 === "labelSelectorPath"))){
return false;
}
}
{
if(typeof data.specReplicasPath !== "string"){
return false;
}
{
if(typeof data.statusReplicasPath !== "string"){
return false;
}
{
if(data.labelSelectorPath !== undefined){
if(typeof data.labelSelectorPath !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate670(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "status") || (key0 === "scale"))){
return false;
}
}
{
if(data.status !== undefined){
if(!validate671(data.status)) return false;
}
{
if(data.scale !== undefined){
if(!validate673(data.scale)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate676(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.type === undefined){
data.type = "";
}
if(data.jsonPath === undefined){
data.jsonPath = "";
}
for(const key0 in data){
if(!((((((key0 === "name") || (key0 === "type")) || (key0 === "format")) || (key0 === "description")) || (key0 === "priority")) || (key0 === "jsonPath"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.format !== undefined){
let data2 = data.format;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.description !== undefined){
let data3 = data.description;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.priority !== undefined){
let data4 = data.priority;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(typeof data.jsonPath !== "string"){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate678(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.jsonPath === undefined){
data.jsonPath = "";
}
for(const key0 in data){
if(!(key0 === "jsonPath")){
return false;
}
}
{
if(typeof data.jsonPath !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate661(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.served === undefined){
data.served = false;
}
if(data.storage === undefined){
data.storage = false;
}
for(const key0 in data){
if(!(func0.call(schema283.properties, key0))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.served !== "boolean"){
return false;
}
{
if(typeof data.storage !== "boolean"){
return false;
}
{
if(data.deprecated !== undefined){
let data3 = data.deprecated;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.deprecationWarning !== undefined){
if(typeof data.deprecationWarning !== "string"){
return false;
}
}
{
if(data.schema !== undefined){
if(!validate662(data.schema)) return false;
}
{
if(data.subresources !== undefined){
if(!validate670(data.subresources)) return false;
}
{
if(data.additionalPrinterColumns !== undefined){
let data7 = data.additionalPrinterColumns;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(!validate676(data7[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.selectableFields !== undefined){
let data9 = data.selectableFields;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
if(!validate678(data9[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate684(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.namespace === undefined){
data.namespace = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((((key0 === "namespace") || (key0 === "name")) || (key0 === "path")) || (key0 === "port"))){
return false;
}
}
{
if(typeof data.namespace !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.path !== undefined){
if(typeof data.path !== "string"){
return false;
}
}
{
if(data.port !== undefined){
let data3 = data.port;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate683(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "url") || (key0 === "service")) || (key0 === "caBundle"))){
return false;
}
}
{
if(data.url !== undefined){
if(typeof data.url !== "string"){
return false;
}
}
{
if(data.service !== undefined){
if(!validate684(data.service)) return false;
}
{
if(data.caBundle !== undefined){
let data2 = data.caBundle;
if(!bytesOk(data2)){
return false;
}
else {
if(data2 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate682(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.conversionReviewVersions === undefined){
data.conversionReviewVersions = [];
}
for(const key0 in data){
if(!((key0 === "clientConfig") || (key0 === "conversionReviewVersions"))){
return false;
}
}
{
if(data.clientConfig !== undefined){
if(!validate683(data.clientConfig)) return false;
}
{
let data1 = data.conversionReviewVersions;
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate681(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.strategy === undefined){
data.strategy = "";
}
for(const key0 in data){
if(!((key0 === "strategy") || (key0 === "webhook"))){
return false;
}
}
{
if(typeof data.strategy !== "string"){
return false;
}
{
if(data.webhook !== undefined){
if(!validate682(data.webhook)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate658(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.group === undefined){
data.group = "";
}
if(data.names === undefined){
data.names = {};
}
if(data.scope === undefined){
data.scope = "";
}
if(data.versions === undefined){
data.versions = [];
}
for(const key0 in data){
if(!((((((key0 === "group") || (key0 === "names")) || (key0 === "scope")) || (key0 === "versions")) || (key0 === "conversion")) || (key0 === "preserveUnknownFields"))){
return false;
}
}
{
if(typeof data.group !== "string"){
return false;
}
{
if(!validate659(data.names)) return false;
{
if(typeof data.scope !== "string"){
return false;
}
{
let data3 = data.versions;
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate661(data3[i0])) return false;
}
}
else {
return false;
}
}
{
if(data.conversion !== undefined){
if(!validate681(data.conversion)) return false;
}
{
if(data.preserveUnknownFields !== undefined){
let data6 = data.preserveUnknownFields;
if(typeof data6 !== "boolean"){
return false;
}
if(data6 === false){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema297 = { properties: {"conditions":0,"acceptedNames":0,"storedVersions":0,"observedGeneration":0} };
function validate691(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message")) || (key0 === "observedGeneration"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data5 = data.observedGeneration;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 9007199254740991 || isNaN(data5)){
return false;
}
else {
if(data5 < -9007199254740991 || isNaN(data5)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate690(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.conditions === undefined){
data.conditions = null;
}
if(data.acceptedNames === undefined){
data.acceptedNames = {};
}
if(data.storedVersions === undefined){
data.storedVersions = null;
}
for(const key0 in data){
if(!((((key0 === "conditions") || (key0 === "acceptedNames")) || (key0 === "storedVersions")) || (key0 === "observedGeneration"))){
return false;
}
}
{
let data0 = data.conditions;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["conditions"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate691(data0[i0])) return false;
}
}
}
{
if(!validate659(data.acceptedNames)) return false;
{
let data3 = data.storedVersions;
if((!(Array.isArray(data3))) && (data3 !== null)){
return false;
}
if(data3 !== null && data3.length === 0){
data["storedVersions"] = null;
}
{
if(Array.isArray(data3)){
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
if(typeof data3[i1] !== "string"){
return false;
}
}
}
}
{
if(data.observedGeneration !== undefined){
let data5 = data.observedGeneration;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 9007199254740991 || isNaN(data5)){
return false;
}
else {
if(data5 < -9007199254740991 || isNaN(data5)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate656(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate658(data.spec)) return false;
{
if(!validate690(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate698(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "namespace") || (key0 === "name")) || (key0 === "port"))){
return false;
}
}
{
if(data.namespace !== undefined){
let data0 = data.namespace;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.name !== undefined){
let data1 = data.name;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.port !== undefined){
let data2 = data.port;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate697(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.groupPriorityMinimum === undefined){
data.groupPriorityMinimum = 0;
}
if(data.versionPriority === undefined){
data.versionPriority = 0;
}
for(const key0 in data){
if(!(((((((key0 === "service") || (key0 === "group")) || (key0 === "version")) || (key0 === "insecureSkipTLSVerify")) || (key0 === "caBundle")) || (key0 === "groupPriorityMinimum")) || (key0 === "versionPriority"))){
return false;
}
}
{
if(data.service !== undefined){
if(!validate698(data.service)) return false;
}
{
if(data.group !== undefined){
let data1 = data.group;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.version !== undefined){
let data2 = data.version;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.insecureSkipTLSVerify !== undefined){
let data3 = data.insecureSkipTLSVerify;
if(typeof data3 !== "boolean"){
return false;
}
if(data3 === false){
return false;
}
}
{
if(data.caBundle !== undefined){
let data4 = data.caBundle;
if(!bytesOk(data4)){
return false;
}
else {
if(data4 === ""){
return false;
}
}
}
{
let data5 = data.groupPriorityMinimum;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
{
let data6 = data.versionPriority;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate702(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
if(data.lastTransitionTime !== undefined){
let data2 = data.lastTransitionTime;
const text0 = timeText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate701(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "conditions")){
return false;
}
}
{
if(data.conditions !== undefined){
let data0 = data.conditions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate702(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate695(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate697(data.spec)) return false;
{
if(!validate701(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate705(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.revision === undefined){
data.revision = 0;
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "data")) || (key0 === "revision"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.data !== undefined){
if(!rawOk(data.data)){
return false;
}
}
{
let data4 = data.revision;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 9007199254740991 || isNaN(data4)){
return false;
}
else {
if(data4 < -9007199254740991 || isNaN(data4)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate713(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "maxUnavailable") || (key0 === "maxSurge"))){
return false;
}
}
{
if(data.maxUnavailable !== undefined){
if(!intOrStringOk(data.maxUnavailable)){
return false;
}
}
{
if(data.maxSurge !== undefined){
if(!intOrStringOk(data.maxSurge)){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate712(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "type") || (key0 === "rollingUpdate"))){
return false;
}
}
{
if(data.type !== undefined){
let data0 = data.type;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.rollingUpdate !== undefined){
if(!validate713(data.rollingUpdate)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate709(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.template === undefined){
data.template = {};
}
if(data.updateStrategy === undefined){
data.updateStrategy = {};
}
for(const key0 in data){
if(!(((((key0 === "selector") || (key0 === "template")) || (key0 === "updateStrategy")) || (key0 === "minReadySeconds")) || (key0 === "revisionHistoryLimit"))){
return false;
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(!validate504(data.template)) return false;
{
if(!validate712(data.updateStrategy)) return false;
{
if(data.minReadySeconds !== undefined){
let data3 = data.minReadySeconds;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
if(data3 === 0){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.revisionHistoryLimit !== undefined){
let data4 = data.revisionHistoryLimit;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema309 = { properties: {"currentNumberScheduled":0,"numberMisscheduled":0,"desiredNumberScheduled":0,"numberReady":0,"observedGeneration":0,"updatedNumberScheduled":0,"numberAvailable":0,"numberUnavailable":0,"collisionCount":0,"conditions":0} };
function validate718(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate717(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.currentNumberScheduled === undefined){
data.currentNumberScheduled = 0;
}
if(data.numberMisscheduled === undefined){
data.numberMisscheduled = 0;
}
if(data.desiredNumberScheduled === undefined){
data.desiredNumberScheduled = 0;
}
if(data.numberReady === undefined){
data.numberReady = 0;
}
for(const key0 in data){
if(!(func0.call(schema309.properties, key0))){
return false;
}
}
{
let data0 = data.currentNumberScheduled;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
let data1 = data.numberMisscheduled;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
{
let data2 = data.desiredNumberScheduled;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
{
let data3 = data.numberReady;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
{
if(data.observedGeneration !== undefined){
let data4 = data.observedGeneration;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 9007199254740991 || isNaN(data4)){
return false;
}
else {
if(data4 < -9007199254740991 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.updatedNumberScheduled !== undefined){
let data5 = data.updatedNumberScheduled;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.numberAvailable !== undefined){
let data6 = data.numberAvailable;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
if(data6 === 0){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
{
if(data.numberUnavailable !== undefined){
let data7 = data.numberUnavailable;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
if(data7 === 0){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
{
if(data.collisionCount !== undefined){
let data8 = data.collisionCount;
if(!((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8)))){
return false;
}
{
if(typeof data8 == "number"){
if(data8 > 2147483647 || isNaN(data8)){
return false;
}
else {
if(data8 < -2147483648 || isNaN(data8)){
return false;
}
}
}
}
}
{
if(data.conditions !== undefined){
let data9 = data.conditions;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
if(!validate718(data9[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate707(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate709(data.spec)) return false;
{
if(!validate717(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate727(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "maxUnavailable") || (key0 === "maxSurge"))){
return false;
}
}
{
if(data.maxUnavailable !== undefined){
if(!intOrStringOk(data.maxUnavailable)){
return false;
}
}
{
if(data.maxSurge !== undefined){
if(!intOrStringOk(data.maxSurge)){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate726(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "type") || (key0 === "rollingUpdate"))){
return false;
}
}
{
if(data.type !== undefined){
let data0 = data.type;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.rollingUpdate !== undefined){
if(!validate727(data.rollingUpdate)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate723(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.template === undefined){
data.template = {};
}
if(data.strategy === undefined){
data.strategy = {};
}
for(const key0 in data){
if(!((((((((key0 === "replicas") || (key0 === "selector")) || (key0 === "template")) || (key0 === "strategy")) || (key0 === "minReadySeconds")) || (key0 === "revisionHistoryLimit")) || (key0 === "paused")) || (key0 === "progressDeadlineSeconds"))){
return false;
}
}
{
if(data.replicas !== undefined){
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(!validate504(data.template)) return false;
{
if(!validate726(data.strategy)) return false;
{
if(data.minReadySeconds !== undefined){
let data4 = data.minReadySeconds;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.revisionHistoryLimit !== undefined){
let data5 = data.revisionHistoryLimit;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.paused !== undefined){
let data6 = data.paused;
if(typeof data6 !== "boolean"){
return false;
}
if(data6 === false){
return false;
}
}
{
if(data.progressDeadlineSeconds !== undefined){
let data7 = data.progressDeadlineSeconds;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema315 = { properties: {"observedGeneration":0,"replicas":0,"updatedReplicas":0,"readyReplicas":0,"availableReplicas":0,"unavailableReplicas":0,"terminatingReplicas":0,"conditions":0,"collisionCount":0} };
function validate732(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastUpdateTime === undefined){
data.lastUpdateTime = null;
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "status")) || (key0 === "lastUpdateTime")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastUpdateTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastUpdateTime"] = text0;
}
}
{
let data3 = data.lastTransitionTime;
const text1 = timeOrNullText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data["lastTransitionTime"] = text1;
}
}
{
if(data.reason !== undefined){
let data4 = data.reason;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data5 = data.message;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate731(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema315.properties, key0))){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data0 = data.observedGeneration;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
if(data0 === 0){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.replicas !== undefined){
let data1 = data.replicas;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.updatedReplicas !== undefined){
let data2 = data.updatedReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.readyReplicas !== undefined){
let data3 = data.readyReplicas;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
if(data3 === 0){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.availableReplicas !== undefined){
let data4 = data.availableReplicas;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.unavailableReplicas !== undefined){
let data5 = data.unavailableReplicas;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.terminatingReplicas !== undefined){
let data6 = data.terminatingReplicas;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
{
if(data.conditions !== undefined){
let data7 = data.conditions;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(!validate732(data7[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.collisionCount !== undefined){
let data9 = data.collisionCount;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 2147483647 || isNaN(data9)){
return false;
}
else {
if(data9 < -2147483648 || isNaN(data9)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate721(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate723(data.spec)) return false;
{
if(!validate731(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate737(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.template === undefined){
data.template = {};
}
for(const key0 in data){
if(!((((key0 === "replicas") || (key0 === "minReadySeconds")) || (key0 === "selector")) || (key0 === "template"))){
return false;
}
}
{
if(data.replicas !== undefined){
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.minReadySeconds !== undefined){
let data1 = data.minReadySeconds;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(!validate504(data.template)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate742(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate741(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.replicas === undefined){
data.replicas = 0;
}
for(const key0 in data){
if(!(((((((key0 === "replicas") || (key0 === "fullyLabeledReplicas")) || (key0 === "readyReplicas")) || (key0 === "availableReplicas")) || (key0 === "terminatingReplicas")) || (key0 === "observedGeneration")) || (key0 === "conditions"))){
return false;
}
}
{
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(data.fullyLabeledReplicas !== undefined){
let data1 = data.fullyLabeledReplicas;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.readyReplicas !== undefined){
let data2 = data.readyReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.availableReplicas !== undefined){
let data3 = data.availableReplicas;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
if(data3 === 0){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.terminatingReplicas !== undefined){
let data4 = data.terminatingReplicas;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.observedGeneration !== undefined){
let data5 = data.observedGeneration;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 9007199254740991 || isNaN(data5)){
return false;
}
else {
if(data5 < -9007199254740991 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.conditions !== undefined){
let data6 = data.conditions;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(!validate742(data6[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate735(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate737(data.spec)) return false;
{
if(!validate741(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema322 = { properties: {"replicas":0,"selector":0,"template":0,"volumeClaimTemplates":0,"serviceName":0,"podManagementPolicy":0,"updateStrategy":0,"revisionHistoryLimit":0,"minReadySeconds":0,"persistentVolumeClaimRetentionPolicy":0,"ordinals":0} };
function validate752(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "partition") || (key0 === "maxUnavailable"))){
return false;
}
}
{
if(data.partition !== undefined){
let data0 = data.partition;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.maxUnavailable !== undefined){
if(!intOrStringOk(data.maxUnavailable)){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate751(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "type") || (key0 === "rollingUpdate"))){
return false;
}
}
{
if(data.type !== undefined){
let data0 = data.type;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.rollingUpdate !== undefined){
if(!validate752(data.rollingUpdate)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate755(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "whenDeleted") || (key0 === "whenScaled"))){
return false;
}
}
{
if(data.whenDeleted !== undefined){
let data0 = data.whenDeleted;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.whenScaled !== undefined){
let data1 = data.whenScaled;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate757(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.start === undefined){
data.start = 0;
}
for(const key0 in data){
if(!(key0 === "start")){
return false;
}
}
{
let data0 = data.start;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate747(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.template === undefined){
data.template = {};
}
if(data.serviceName === undefined){
data.serviceName = "";
}
if(data.updateStrategy === undefined){
data.updateStrategy = {};
}
for(const key0 in data){
if(!(func0.call(schema322.properties, key0))){
return false;
}
}
{
if(data.replicas !== undefined){
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(!validate504(data.template)) return false;
{
if(data.volumeClaimTemplates !== undefined){
let data3 = data.volumeClaimTemplates;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate197(data3[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(typeof data.serviceName !== "string"){
return false;
}
{
if(data.podManagementPolicy !== undefined){
let data6 = data.podManagementPolicy;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(!validate751(data.updateStrategy)) return false;
{
if(data.revisionHistoryLimit !== undefined){
let data8 = data.revisionHistoryLimit;
if(!((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8)))){
return false;
}
{
if(typeof data8 == "number"){
if(data8 > 2147483647 || isNaN(data8)){
return false;
}
else {
if(data8 < -2147483648 || isNaN(data8)){
return false;
}
}
}
}
}
{
if(data.minReadySeconds !== undefined){
let data9 = data.minReadySeconds;
if(!((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9)))){
return false;
}
if(data9 === 0){
return false;
}
{
if(typeof data9 == "number"){
if(data9 > 2147483647 || isNaN(data9)){
return false;
}
else {
if(data9 < -2147483648 || isNaN(data9)){
return false;
}
}
}
}
}
{
if(data.persistentVolumeClaimRetentionPolicy !== undefined){
if(!validate755(data.persistentVolumeClaimRetentionPolicy)) return false;
}
{
if(data.ordinals !== undefined){
if(!validate757(data.ordinals)) return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema327 = { properties: {"observedGeneration":0,"replicas":0,"readyReplicas":0,"currentReplicas":0,"updatedReplicas":0,"currentRevision":0,"updateRevision":0,"collisionCount":0,"conditions":0,"availableReplicas":0} };
function validate761(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate760(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.replicas === undefined){
data.replicas = 0;
}
if(data.availableReplicas === undefined){
data.availableReplicas = 0;
}
for(const key0 in data){
if(!(func0.call(schema327.properties, key0))){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data0 = data.observedGeneration;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
if(data0 === 0){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
let data1 = data.replicas;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
{
if(data.readyReplicas !== undefined){
let data2 = data.readyReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.currentReplicas !== undefined){
let data3 = data.currentReplicas;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
if(data3 === 0){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
{
if(data.updatedReplicas !== undefined){
let data4 = data.updatedReplicas;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.currentRevision !== undefined){
let data5 = data.currentRevision;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.updateRevision !== undefined){
let data6 = data.updateRevision;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.collisionCount !== undefined){
let data7 = data.collisionCount;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
{
if(data.conditions !== undefined){
let data8 = data.conditions;
if(!data8?.length){
return false;
}
{
if(Array.isArray(data8)){
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
if(!validate761(data8[i0])) return false;
}
}
else {
return false;
}
}
}
{
let data10 = data.availableReplicas;
if(!((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10)))){
return false;
}
{
if(typeof data10 == "number"){
if(data10 > 2147483647 || isNaN(data10)){
return false;
}
else {
if(data10 < -2147483648 || isNaN(data10)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate745(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate747(data.spec)) return false;
{
if(!validate760(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate766(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.userInfo === undefined){
data.userInfo = {};
}
for(const key0 in data){
if(!(key0 === "userInfo")){
return false;
}
}
{
if(!validate566(data.userInfo)) return false;
}
}
else {
return false;
}
}
return true;
}
function validate764(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate766(data.status)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema332 = { properties: {"audiences":0,"expirationSeconds":0,"boundObjectRef":0} };
function validate772(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "name")) || (key0 === "uid"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.name !== undefined){
let data2 = data.name;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.uid !== undefined){
let data3 = data.uid;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate771(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.audiences === undefined){
data.audiences = null;
}
let missing0;
if((data.boundObjectRef === undefined) && (missing0 = "boundObjectRef")){
return false;
}
else {
for(const key0 in data){
if(!(((key0 === "audiences") || (key0 === "expirationSeconds")) || (key0 === "boundObjectRef"))){
return false;
}
}
{
let data0 = data.audiences;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["audiences"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
}
{
if(data.expirationSeconds !== undefined){
let data2 = data.expirationSeconds;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.boundObjectRef !== undefined){
if(!validate772(data.boundObjectRef)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate775(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.token === undefined){
data.token = "";
}
for(const key0 in data){
if(!((key0 === "token") || (key0 === "expirationTimestamp"))){
return false;
}
}
{
if(typeof data.token !== "string"){
return false;
}
{
if(data.expirationTimestamp !== undefined){
let data1 = data.expirationTimestamp;
const text0 = timeText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["expirationTimestamp"] = text0;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate769(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate771(data.spec)) return false;
{
if(!validate775(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate779(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "token") || (key0 === "audiences"))){
return false;
}
}
{
if(data.token !== undefined){
let data0 = data.token;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.audiences !== undefined){
let data1 = data.audiences;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate781(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.user === undefined){
data.user = {};
}
for(const key0 in data){
if(!((((key0 === "authenticated") || (key0 === "user")) || (key0 === "audiences")) || (key0 === "error"))){
return false;
}
}
{
if(data.authenticated !== undefined){
let data0 = data.authenticated;
if(typeof data0 !== "boolean"){
return false;
}
if(data0 === false){
return false;
}
}
{
if(!validate566(data.user)) return false;
{
if(data.audiences !== undefined){
let data2 = data.audiences;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.error !== undefined){
let data4 = data.error;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate777(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate779(data.spec)) return false;
{
if(!validate781(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema340 = { properties: {"namespace":0,"verb":0,"group":0,"version":0,"resource":0,"subresource":0,"name":0,"fieldSelector":0,"labelSelector":0} };
function validate789(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.operator === undefined){
data.operator = "";
}
for(const key0 in data){
if(!(((key0 === "key") || (key0 === "operator")) || (key0 === "values"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(typeof data.operator !== "string"){
return false;
}
{
if(data.values !== undefined){
let data2 = data.values;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate788(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "rawSelector") || (key0 === "requirements"))){
return false;
}
}
{
if(data.rawSelector !== undefined){
let data0 = data.rawSelector;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.requirements !== undefined){
let data1 = data.requirements;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate789(data1[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate792(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "rawSelector") || (key0 === "requirements"))){
return false;
}
}
{
if(data.rawSelector !== undefined){
let data0 = data.rawSelector;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.requirements !== undefined){
let data1 = data.requirements;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate201(data1[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate787(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema340.properties, key0))){
return false;
}
}
{
if(data.namespace !== undefined){
let data0 = data.namespace;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.verb !== undefined){
let data1 = data.verb;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.group !== undefined){
let data2 = data.group;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.version !== undefined){
let data3 = data.version;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.resource !== undefined){
let data4 = data.resource;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.subresource !== undefined){
let data5 = data.subresource;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.name !== undefined){
let data6 = data.name;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.fieldSelector !== undefined){
if(!validate788(data.fieldSelector)) return false;
}
{
if(data.labelSelector !== undefined){
if(!validate792(data.labelSelector)) return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate796(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "path") || (key0 === "verb"))){
return false;
}
}
{
if(data.path !== undefined){
let data0 = data.path;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.verb !== undefined){
let data1 = data.verb;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate786(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "resourceAttributes") || (key0 === "nonResourceAttributes")) || (key0 === "user")) || (key0 === "groups")) || (key0 === "extra")) || (key0 === "uid"))){
return false;
}
}
{
if(data.resourceAttributes !== undefined){
if(!validate787(data.resourceAttributes)) return false;
}
{
if(data.nonResourceAttributes !== undefined){
if(!validate796(data.nonResourceAttributes)) return false;
}
{
if(data.user !== undefined){
let data2 = data.user;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.groups !== undefined){
let data3 = data.groups;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(typeof data3[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.extra !== undefined){
let data5 = data.extra;
if(isEmpty(data5)){
return false;
}
{
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key1 in data5){
let data6 = data5[key1];
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(typeof data6[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
else {
return false;
}
}
}
{
if(data.uid !== undefined){
let data8 = data.uid;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate799(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.allowed === undefined){
data.allowed = false;
}
for(const key0 in data){
if(!((((key0 === "allowed") || (key0 === "denied")) || (key0 === "reason")) || (key0 === "evaluationError"))){
return false;
}
}
{
if(typeof data.allowed !== "boolean"){
return false;
}
{
if(data.denied !== undefined){
let data1 = data.denied;
if(typeof data1 !== "boolean"){
return false;
}
if(data1 === false){
return false;
}
}
{
if(data.reason !== undefined){
let data2 = data.reason;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.evaluationError !== undefined){
let data3 = data.evaluationError;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate784(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate786(data.spec)) return false;
{
if(!validate799(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate803(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "resourceAttributes") || (key0 === "nonResourceAttributes"))){
return false;
}
}
{
if(data.resourceAttributes !== undefined){
if(!validate787(data.resourceAttributes)) return false;
}
{
if(data.nonResourceAttributes !== undefined){
if(!validate796(data.nonResourceAttributes)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate801(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate803(data.spec)) return false;
{
if(!validate799(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate810(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "namespace")){
return false;
}
}
{
if(data.namespace !== undefined){
let data0 = data.namespace;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate813(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.verbs === undefined){
data.verbs = [];
}
for(const key0 in data){
if(!((((key0 === "verbs") || (key0 === "apiGroups")) || (key0 === "resources")) || (key0 === "resourceNames"))){
return false;
}
}
{
let data0 = data.verbs;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.apiGroups !== undefined){
let data2 = data.apiGroups;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.resources !== undefined){
let data4 = data.resources;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(typeof data4[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.resourceNames !== undefined){
let data6 = data.resourceNames;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len3 = data6.length;
for(let i3=0; i3<len3; i3++){
if(typeof data6[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate815(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.verbs === undefined){
data.verbs = [];
}
for(const key0 in data){
if(!((key0 === "verbs") || (key0 === "nonResourceURLs"))){
return false;
}
}
{
let data0 = data.verbs;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.nonResourceURLs !== undefined){
let data2 = data.nonResourceURLs;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate812(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.resourceRules === undefined){
data.resourceRules = [];
}
if(data.nonResourceRules === undefined){
data.nonResourceRules = [];
}
if(data.incomplete === undefined){
data.incomplete = false;
}
for(const key0 in data){
if(!((((key0 === "resourceRules") || (key0 === "nonResourceRules")) || (key0 === "incomplete")) || (key0 === "evaluationError"))){
return false;
}
}
{
let data0 = data.resourceRules;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate813(data0[i0])) return false;
}
}
else {
return false;
}
}
{
let data2 = data.nonResourceRules;
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate815(data2[i1])) return false;
}
}
else {
return false;
}
}
{
if(typeof data.incomplete !== "boolean"){
return false;
}
{
if(data.evaluationError !== undefined){
let data5 = data.evaluationError;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate808(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate810(data.spec)) return false;
{
if(!validate812(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate818(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate786(data.spec)) return false;
{
if(!validate799(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate825(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "name")) || (key0 === "apiVersion"))){
return false;
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.apiVersion !== undefined){
let data2 = data.apiVersion;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate824(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.scaleTargetRef === undefined){
data.scaleTargetRef = {};
}
if(data.maxReplicas === undefined){
data.maxReplicas = 0;
}
for(const key0 in data){
if(!((((key0 === "scaleTargetRef") || (key0 === "minReplicas")) || (key0 === "maxReplicas")) || (key0 === "targetCPUUtilizationPercentage"))){
return false;
}
}
{
if(!validate825(data.scaleTargetRef)) return false;
{
if(data.minReplicas !== undefined){
let data1 = data.minReplicas;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
let data2 = data.maxReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
{
if(data.targetCPUUtilizationPercentage !== undefined){
let data3 = data.targetCPUUtilizationPercentage;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate828(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.currentReplicas === undefined){
data.currentReplicas = 0;
}
if(data.desiredReplicas === undefined){
data.desiredReplicas = 0;
}
for(const key0 in data){
if(!(((((key0 === "observedGeneration") || (key0 === "lastScaleTime")) || (key0 === "currentReplicas")) || (key0 === "desiredReplicas")) || (key0 === "currentCPUUtilizationPercentage"))){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data0 = data.observedGeneration;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.lastScaleTime !== undefined){
let data1 = data.lastScaleTime;
const text0 = timeText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["lastScaleTime"] = text0;
}
}
}
{
let data2 = data.currentReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
{
let data3 = data.desiredReplicas;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
{
if(data.currentCPUUtilizationPercentage !== undefined){
let data4 = data.currentCPUUtilizationPercentage;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate822(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate824(data.spec)) return false;
{
if(!validate828(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate832(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "replicas")){
return false;
}
}
{
if(data.replicas !== undefined){
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
if(data0 === 0){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate834(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.replicas === undefined){
data.replicas = 0;
}
for(const key0 in data){
if(!((key0 === "replicas") || (key0 === "selector"))){
return false;
}
}
{
let data0 = data.replicas;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(data.selector !== undefined){
let data1 = data.selector;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate830(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate832(data.spec)) return false;
{
if(!validate834(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate839(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(((key0 === "kind") || (key0 === "name")) || (key0 === "apiVersion"))){
return false;
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.apiVersion !== undefined){
let data2 = data.apiVersion;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate844(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((((key0 === "type") || (key0 === "value")) || (key0 === "averageValue")) || (key0 === "averageUtilization"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.value !== undefined){
let data1 = data.value;
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["value"] = text0;
}
}
}
{
if(data.averageValue !== undefined){
let data2 = data.averageValue;
const text1 = quantityText(data2);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data2){
data["averageValue"] = text1;
}
}
}
{
if(data.averageUtilization !== undefined){
let data3 = data.averageUtilization;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate846(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "selector"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate842(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.describedObject === undefined){
data.describedObject = {};
}
if(data.target === undefined){
data.target = {};
}
if(data.metric === undefined){
data.metric = {};
}
for(const key0 in data){
if(!(((key0 === "describedObject") || (key0 === "target")) || (key0 === "metric"))){
return false;
}
}
{
if(!validate839(data.describedObject)) return false;
{
if(!validate844(data.target)) return false;
{
if(!validate846(data.metric)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate850(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metric === undefined){
data.metric = {};
}
if(data.target === undefined){
data.target = {};
}
for(const key0 in data){
if(!((key0 === "metric") || (key0 === "target"))){
return false;
}
}
{
if(!validate846(data.metric)) return false;
{
if(!validate844(data.target)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate854(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.target === undefined){
data.target = {};
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "target"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate844(data.target)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate857(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.target === undefined){
data.target = {};
}
if(data.container === undefined){
data.container = "";
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "target")) || (key0 === "container"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate844(data.target)) return false;
{
if(typeof data.container !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate860(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metric === undefined){
data.metric = {};
}
if(data.target === undefined){
data.target = {};
}
for(const key0 in data){
if(!((key0 === "metric") || (key0 === "target"))){
return false;
}
}
{
if(!validate846(data.metric)) return false;
{
if(!validate844(data.target)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate841(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "object")) || (key0 === "pods")) || (key0 === "resource")) || (key0 === "containerResource")) || (key0 === "external"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.object !== undefined){
if(!validate842(data.object)) return false;
}
{
if(data.pods !== undefined){
if(!validate850(data.pods)) return false;
}
{
if(data.resource !== undefined){
if(!validate854(data.resource)) return false;
}
{
if(data.containerResource !== undefined){
if(!validate857(data.containerResource)) return false;
}
{
if(data.external !== undefined){
if(!validate860(data.external)) return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate867(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.value === undefined){
data.value = 0;
}
if(data.periodSeconds === undefined){
data.periodSeconds = 0;
}
for(const key0 in data){
if(!(((key0 === "type") || (key0 === "value")) || (key0 === "periodSeconds"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
let data1 = data.value;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
{
let data2 = data.periodSeconds;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate866(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "stabilizationWindowSeconds") || (key0 === "selectPolicy")) || (key0 === "policies")) || (key0 === "tolerance"))){
return false;
}
}
{
if(data.stabilizationWindowSeconds !== undefined){
let data0 = data.stabilizationWindowSeconds;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.selectPolicy !== undefined){
if(typeof data.selectPolicy !== "string"){
return false;
}
}
{
if(data.policies !== undefined){
let data2 = data.policies;
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate867(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.tolerance !== undefined){
let data4 = data.tolerance;
const text0 = quantityText(data4);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data4){
data["tolerance"] = text0;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate865(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "scaleUp") || (key0 === "scaleDown"))){
return false;
}
}
{
if(data.scaleUp !== undefined){
if(!validate866(data.scaleUp)) return false;
}
{
if(data.scaleDown !== undefined){
if(!validate866(data.scaleDown)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate838(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.scaleTargetRef === undefined){
data.scaleTargetRef = {};
}
if(data.maxReplicas === undefined){
data.maxReplicas = 0;
}
for(const key0 in data){
if(!(((((key0 === "scaleTargetRef") || (key0 === "minReplicas")) || (key0 === "maxReplicas")) || (key0 === "metrics")) || (key0 === "behavior"))){
return false;
}
}
{
if(!validate839(data.scaleTargetRef)) return false;
{
if(data.minReplicas !== undefined){
let data1 = data.minReplicas;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
let data2 = data.maxReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
{
if(data.metrics !== undefined){
let data3 = data.metrics;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate841(data3[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.behavior !== undefined){
if(!validate865(data.behavior)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema375 = { properties: {"observedGeneration":0,"lastScaleTime":0,"currentReplicas":0,"desiredReplicas":0,"currentMetrics":0,"conditions":0} };
function validate877(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "value") || (key0 === "averageValue")) || (key0 === "averageUtilization"))){
return false;
}
}
{
if(data.value !== undefined){
let data0 = data.value;
const text0 = quantityText(data0);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data0){
data["value"] = text0;
}
}
}
{
if(data.averageValue !== undefined){
let data1 = data.averageValue;
const text1 = quantityText(data1);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data1){
data["averageValue"] = text1;
}
}
}
{
if(data.averageUtilization !== undefined){
let data2 = data.averageUtilization;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate875(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metric === undefined){
data.metric = {};
}
if(data.current === undefined){
data.current = {};
}
if(data.describedObject === undefined){
data.describedObject = {};
}
for(const key0 in data){
if(!(((key0 === "metric") || (key0 === "current")) || (key0 === "describedObject"))){
return false;
}
}
{
if(!validate846(data.metric)) return false;
{
if(!validate877(data.current)) return false;
{
if(!validate839(data.describedObject)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate881(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metric === undefined){
data.metric = {};
}
if(data.current === undefined){
data.current = {};
}
for(const key0 in data){
if(!((key0 === "metric") || (key0 === "current"))){
return false;
}
}
{
if(!validate846(data.metric)) return false;
{
if(!validate877(data.current)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate885(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.current === undefined){
data.current = {};
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "current"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate877(data.current)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate888(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.current === undefined){
data.current = {};
}
if(data.container === undefined){
data.container = "";
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "current")) || (key0 === "container"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate877(data.current)) return false;
{
if(typeof data.container !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate891(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metric === undefined){
data.metric = {};
}
if(data.current === undefined){
data.current = {};
}
for(const key0 in data){
if(!((key0 === "metric") || (key0 === "current"))){
return false;
}
}
{
if(!validate846(data.metric)) return false;
{
if(!validate877(data.current)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate874(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "object")) || (key0 === "pods")) || (key0 === "resource")) || (key0 === "containerResource")) || (key0 === "external"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.object !== undefined){
if(!validate875(data.object)) return false;
}
{
if(data.pods !== undefined){
if(!validate881(data.pods)) return false;
}
{
if(data.resource !== undefined){
if(!validate885(data.resource)) return false;
}
{
if(data.containerResource !== undefined){
if(!validate888(data.containerResource)) return false;
}
{
if(data.external !== undefined){
if(!validate891(data.external)) return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate896(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate873(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.desiredReplicas === undefined){
data.desiredReplicas = 0;
}
if(data.currentMetrics === undefined){
data.currentMetrics = null;
}
for(const key0 in data){
if(!((((((key0 === "observedGeneration") || (key0 === "lastScaleTime")) || (key0 === "currentReplicas")) || (key0 === "desiredReplicas")) || (key0 === "currentMetrics")) || (key0 === "conditions"))){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data0 = data.observedGeneration;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.lastScaleTime !== undefined){
let data1 = data.lastScaleTime;
const text0 = timeText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["lastScaleTime"] = text0;
}
}
}
{
if(data.currentReplicas !== undefined){
let data2 = data.currentReplicas;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
if(data2 === 0){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
let data3 = data.desiredReplicas;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
{
let data4 = data.currentMetrics;
if((!(Array.isArray(data4))) && (data4 !== null)){
return false;
}
if(data4 !== null && data4.length === 0){
data["currentMetrics"] = null;
}
{
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!validate874(data4[i0])) return false;
}
}
}
{
if(data.conditions !== undefined){
let data6 = data.conditions;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(!validate896(data6[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate836(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate838(data.spec)) return false;
{
if(!validate873(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema387 = { properties: {"parallelism":0,"completions":0,"activeDeadlineSeconds":0,"podFailurePolicy":0,"successPolicy":0,"backoffLimit":0,"backoffLimitPerIndex":0,"maxFailedIndexes":0,"selector":0,"manualSelector":0,"template":0,"ttlSecondsAfterFinished":0,"completionMode":0,"suspend":0,"podReplacementPolicy":0,"managedBy":0} };
const schema388 = { properties: {"rules":0} };
function validate907(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operator === undefined){
data.operator = "";
}
if(data.values === undefined){
data.values = [];
}
for(const key0 in data){
if(!(((key0 === "containerName") || (key0 === "operator")) || (key0 === "values"))){
return false;
}
}
{
if(data.containerName !== undefined){
if(typeof data.containerName !== "string"){
return false;
}
}
{
if(typeof data.operator !== "string"){
return false;
}
{
let data2 = data.values;
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate909(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
for(const key0 in data){
if(!((key0 === "type") || (key0 === "status"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate906(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.action === undefined){
data.action = "";
}
for(const key0 in data){
if(!(((key0 === "action") || (key0 === "onExitCodes")) || (key0 === "onPodConditions"))){
return false;
}
}
{
if(typeof data.action !== "string"){
return false;
}
{
if(data.onExitCodes !== undefined){
if(!validate907(data.onExitCodes)) return false;
}
{
if(data.onPodConditions !== undefined){
let data2 = data.onPodConditions;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate909(data2[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate905(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.rules === undefined){
data.rules = null;
}
for(const key0 in data){
if(!(key0 === "rules")){
return false;
}
}
{
let data0 = data.rules;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["rules"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate906(data0[i0])) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate914(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "succeededIndexes") || (key0 === "succeededCount"))){
return false;
}
}
{
if(data.succeededIndexes !== undefined){
if(typeof data.succeededIndexes !== "string"){
return false;
}
}
{
if(data.succeededCount !== undefined){
let data1 = data.succeededCount;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate913(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.rules === undefined){
data.rules = [];
}
for(const key0 in data){
if(!(key0 === "rules")){
return false;
}
}
{
let data0 = data.rules;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate914(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate904(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.template === undefined){
data.template = {};
}
for(const key0 in data){
if(!(func0.call(schema387.properties, key0))){
return false;
}
}
{
if(data.parallelism !== undefined){
let data0 = data.parallelism;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.completions !== undefined){
let data1 = data.completions;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.activeDeadlineSeconds !== undefined){
let data2 = data.activeDeadlineSeconds;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.podFailurePolicy !== undefined){
if(!validate905(data.podFailurePolicy)) return false;
}
{
if(data.successPolicy !== undefined){
if(!validate913(data.successPolicy)) return false;
}
{
if(data.backoffLimit !== undefined){
let data5 = data.backoffLimit;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.backoffLimitPerIndex !== undefined){
let data6 = data.backoffLimitPerIndex;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
{
if(data.maxFailedIndexes !== undefined){
let data7 = data.maxFailedIndexes;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(data.manualSelector !== undefined){
if(typeof data.manualSelector !== "boolean"){
return false;
}
}
{
if(!validate504(data.template)) return false;
{
if(data.ttlSecondsAfterFinished !== undefined){
let data11 = data.ttlSecondsAfterFinished;
if(!((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11)))){
return false;
}
{
if(typeof data11 == "number"){
if(data11 > 2147483647 || isNaN(data11)){
return false;
}
else {
if(data11 < -2147483648 || isNaN(data11)){
return false;
}
}
}
}
}
{
if(data.completionMode !== undefined){
if(typeof data.completionMode !== "string"){
return false;
}
}
{
if(data.suspend !== undefined){
if(typeof data.suspend !== "boolean"){
return false;
}
}
{
if(data.podReplacementPolicy !== undefined){
if(typeof data.podReplacementPolicy !== "string"){
return false;
}
}
{
if(data.managedBy !== undefined){
if(typeof data.managedBy !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate902(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((key0 === "metadata") || (key0 === "spec"))){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate904(data.spec)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate901(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.schedule === undefined){
data.schedule = "";
}
if(data.jobTemplate === undefined){
data.jobTemplate = {};
}
for(const key0 in data){
if(!((((((((key0 === "schedule") || (key0 === "timeZone")) || (key0 === "startingDeadlineSeconds")) || (key0 === "concurrencyPolicy")) || (key0 === "suspend")) || (key0 === "jobTemplate")) || (key0 === "successfulJobsHistoryLimit")) || (key0 === "failedJobsHistoryLimit"))){
return false;
}
}
{
if(typeof data.schedule !== "string"){
return false;
}
{
if(data.timeZone !== undefined){
if(typeof data.timeZone !== "string"){
return false;
}
}
{
if(data.startingDeadlineSeconds !== undefined){
let data2 = data.startingDeadlineSeconds;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.concurrencyPolicy !== undefined){
let data3 = data.concurrencyPolicy;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.suspend !== undefined){
if(typeof data.suspend !== "boolean"){
return false;
}
}
{
if(!validate902(data.jobTemplate)) return false;
{
if(data.successfulJobsHistoryLimit !== undefined){
let data6 = data.successfulJobsHistoryLimit;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
{
if(data.failedJobsHistoryLimit !== undefined){
let data7 = data.failedJobsHistoryLimit;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate922(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "active") || (key0 === "lastScheduleTime")) || (key0 === "lastSuccessfulTime"))){
return false;
}
}
{
if(data.active !== undefined){
let data0 = data.active;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate44(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.lastScheduleTime !== undefined){
let data2 = data.lastScheduleTime;
const text0 = timeText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastScheduleTime"] = text0;
}
}
}
{
if(data.lastSuccessfulTime !== undefined){
let data3 = data.lastSuccessfulTime;
const text1 = timeText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data["lastSuccessfulTime"] = text1;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate899(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate901(data.spec)) return false;
{
if(!validate922(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema396 = { properties: {"conditions":0,"startTime":0,"completionTime":0,"active":0,"succeeded":0,"failed":0,"terminating":0,"completedIndexes":0,"failedIndexes":0,"uncountedTerminatedPods":0,"ready":0} };
function validate929(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastProbeTime === undefined){
data.lastProbeTime = null;
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "status")) || (key0 === "lastProbeTime")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
let data2 = data.lastProbeTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastProbeTime"] = text0;
}
}
{
let data3 = data.lastTransitionTime;
const text1 = timeOrNullText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data["lastTransitionTime"] = text1;
}
}
{
if(data.reason !== undefined){
let data4 = data.reason;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data5 = data.message;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate931(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "succeeded") || (key0 === "failed"))){
return false;
}
}
{
if(data.succeeded !== undefined){
let data0 = data.succeeded;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.failed !== undefined){
let data2 = data.failed;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate928(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema396.properties, key0))){
return false;
}
}
{
if(data.conditions !== undefined){
let data0 = data.conditions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate929(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.startTime !== undefined){
let data2 = data.startTime;
const text0 = timeText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["startTime"] = text0;
}
}
}
{
if(data.completionTime !== undefined){
let data3 = data.completionTime;
const text1 = timeText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data["completionTime"] = text1;
}
}
}
{
if(data.active !== undefined){
let data4 = data.active;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.succeeded !== undefined){
let data5 = data.succeeded;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.failed !== undefined){
let data6 = data.failed;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
if(data6 === 0){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
}
{
if(data.terminating !== undefined){
let data7 = data.terminating;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
return false;
}
{
if(typeof data7 == "number"){
if(data7 > 2147483647 || isNaN(data7)){
return false;
}
else {
if(data7 < -2147483648 || isNaN(data7)){
return false;
}
}
}
}
}
{
if(data.completedIndexes !== undefined){
let data8 = data.completedIndexes;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
}
{
if(data.failedIndexes !== undefined){
if(typeof data.failedIndexes !== "string"){
return false;
}
}
{
if(data.uncountedTerminatedPods !== undefined){
if(!validate931(data.uncountedTerminatedPods)) return false;
}
{
if(data.ready !== undefined){
let data11 = data.ready;
if(!((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11)))){
return false;
}
{
if(typeof data11 == "number"){
if(data11 > 2147483647 || isNaN(data11)){
return false;
}
else {
if(data11 < -2147483648 || isNaN(data11)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate925(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate904(data.spec)) return false;
{
if(!validate928(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate936(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.signerName === undefined){
data.signerName = "";
}
for(const key0 in data){
if(!((((((((key0 === "request") || (key0 === "signerName")) || (key0 === "expirationSeconds")) || (key0 === "usages")) || (key0 === "username")) || (key0 === "uid")) || (key0 === "groups")) || (key0 === "extra"))){
return false;
}
}
{
if(data.request !== undefined){
if(!bytesOk(data.request)){
return false;
}
}
{
if(typeof data.signerName !== "string"){
return false;
}
{
if(data.expirationSeconds !== undefined){
let data2 = data.expirationSeconds;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.usages !== undefined){
let data3 = data.usages;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(typeof data3[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.username !== undefined){
let data5 = data.username;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.uid !== undefined){
let data6 = data.uid;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.groups !== undefined){
let data7 = data.groups;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len1 = data7.length;
for(let i1=0; i1<len1; i1++){
if(typeof data7[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.extra !== undefined){
let data9 = data.extra;
if(isEmpty(data9)){
return false;
}
{
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key1 in data9){
let data10 = data9[key1];
{
if(Array.isArray(data10)){
const len2 = data10.length;
for(let i2=0; i2<len2; i2++){
if(typeof data10[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate939(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
if(data.status === undefined){
data.status = "";
}
if(data.lastUpdateTime === undefined){
data.lastUpdateTime = null;
}
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "status")) || (key0 === "reason")) || (key0 === "message")) || (key0 === "lastUpdateTime")) || (key0 === "lastTransitionTime"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(typeof data.status !== "string"){
return false;
}
{
if(data.reason !== undefined){
let data2 = data.reason;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data3 = data.message;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
let data4 = data.lastUpdateTime;
const text0 = timeOrNullText(data4);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data4){
data["lastUpdateTime"] = text0;
}
}
{
let data5 = data.lastTransitionTime;
const text1 = timeOrNullText(data5);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data5){
data["lastTransitionTime"] = text1;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate938(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "conditions") || (key0 === "certificate"))){
return false;
}
}
{
if(data.conditions !== undefined){
let data0 = data.conditions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate939(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.certificate !== undefined){
let data2 = data.certificate;
if(!bytesOk(data2)){
return false;
}
else {
if(data2 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate934(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate936(data.spec)) return false;
{
if(!validate938(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate944(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "holderIdentity") || (key0 === "leaseDurationSeconds")) || (key0 === "acquireTime")) || (key0 === "renewTime")) || (key0 === "leaseTransitions")) || (key0 === "strategy")) || (key0 === "preferredHolder"))){
return false;
}
}
{
if(data.holderIdentity !== undefined){
if(typeof data.holderIdentity !== "string"){
return false;
}
}
{
if(data.leaseDurationSeconds !== undefined){
let data1 = data.leaseDurationSeconds;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
{
if(data.acquireTime !== undefined){
let data2 = data.acquireTime;
const text0 = microTimeText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["acquireTime"] = text0;
}
}
}
{
if(data.renewTime !== undefined){
let data3 = data.renewTime;
const text1 = microTimeText(data3);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data3){
data["renewTime"] = text1;
}
}
}
{
if(data.leaseTransitions !== undefined){
let data4 = data.leaseTransitions;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.strategy !== undefined){
if(typeof data.strategy !== "string"){
return false;
}
}
{
if(data.preferredHolder !== undefined){
if(typeof data.preferredHolder !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate942(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate944(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema405 = { properties: {"kind":0,"apiVersion":0,"metadata":0,"addressType":0,"endpoints":0,"ports":0} };
function validate949(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "ready") || (key0 === "serving")) || (key0 === "terminating"))){
return false;
}
}
{
if(data.ready !== undefined){
if(typeof data.ready !== "boolean"){
return false;
}
}
{
if(data.serving !== undefined){
if(typeof data.serving !== "boolean"){
return false;
}
}
{
if(data.terminating !== undefined){
if(typeof data.terminating !== "boolean"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate953(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate955(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate952(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "forZones") || (key0 === "forNodes"))){
return false;
}
}
{
if(data.forZones !== undefined){
let data0 = data.forZones;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate953(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.forNodes !== undefined){
let data2 = data.forNodes;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate955(data2[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate948(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.addresses === undefined){
data.addresses = [];
}
if(data.conditions === undefined){
data.conditions = {};
}
for(const key0 in data){
if(!((((((((key0 === "addresses") || (key0 === "conditions")) || (key0 === "hostname")) || (key0 === "targetRef")) || (key0 === "deprecatedTopology")) || (key0 === "nodeName")) || (key0 === "zone")) || (key0 === "hints"))){
return false;
}
}
{
let data0 = data.addresses;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(!validate949(data.conditions)) return false;
{
if(data.hostname !== undefined){
if(typeof data.hostname !== "string"){
return false;
}
}
{
if(data.targetRef !== undefined){
if(!validate44(data.targetRef)) return false;
}
{
if(data.deprecatedTopology !== undefined){
let data5 = data.deprecatedTopology;
if(isEmpty(data5)){
return false;
}
{
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key1 in data5){
if(typeof data5[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.nodeName !== undefined){
if(typeof data.nodeName !== "string"){
return false;
}
}
{
if(data.zone !== undefined){
if(typeof data.zone !== "string"){
return false;
}
}
{
if(data.hints !== undefined){
if(!validate952(data.hints)) return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate959(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "protocol")) || (key0 === "port")) || (key0 === "appProtocol"))){
return false;
}
}
{
if(data.name !== undefined){
if(typeof data.name !== "string"){
return false;
}
}
{
if(data.protocol !== undefined){
if(typeof data.protocol !== "string"){
return false;
}
}
{
if(data.port !== undefined){
let data2 = data.port;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.appProtocol !== undefined){
if(typeof data.appProtocol !== "string"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate946(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.addressType === undefined){
data.addressType = "";
}
if(data.endpoints === undefined){
data.endpoints = null;
}
if(data.ports === undefined){
data.ports = null;
}
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "addressType")) || (key0 === "endpoints")) || (key0 === "ports"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(typeof data.addressType !== "string"){
return false;
}
{
let data4 = data.endpoints;
if((!(Array.isArray(data4))) && (data4 !== null)){
return false;
}
if(data4 !== null && data4.length === 0){
data["endpoints"] = null;
}
{
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!validate948(data4[i0])) return false;
}
}
}
{
let data6 = data.ports;
if((!(Array.isArray(data6))) && (data6 !== null)){
return false;
}
if(data6 !== null && data6.length === 0){
data["ports"] = null;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(!validate959(data6[i1])) return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema412 = { properties: {"kind":0,"apiVersion":0,"metadata":0,"eventTime":0,"series":0,"reportingController":0,"reportingInstance":0,"action":0,"reason":0,"regarding":0,"related":0,"note":0,"type":0,"deprecatedSource":0,"deprecatedFirstTimestamp":0,"deprecatedLastTimestamp":0,"deprecatedCount":0} };
function validate963(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.count === undefined){
data.count = 0;
}
for(const key0 in data){
if(!((key0 === "count") || (key0 === "lastObservedTime"))){
return false;
}
}
{
let data0 = data.count;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(data.lastObservedTime !== undefined){
let data1 = data.lastObservedTime;
const text0 = microTimeText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["lastObservedTime"] = text0;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate961(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.regarding === undefined){
data.regarding = {};
}
if(data.deprecatedSource === undefined){
data.deprecatedSource = {};
}
if(data.deprecatedFirstTimestamp === undefined){
data.deprecatedFirstTimestamp = null;
}
if(data.deprecatedLastTimestamp === undefined){
data.deprecatedLastTimestamp = null;
}
for(const key0 in data){
if(!(func0.call(schema412.properties, key0))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.eventTime !== undefined){
let data3 = data.eventTime;
const text0 = microTimeText(data3);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data3){
data["eventTime"] = text0;
}
}
}
{
if(data.series !== undefined){
if(!validate963(data.series)) return false;
}
{
if(data.reportingController !== undefined){
let data5 = data.reportingController;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.reportingInstance !== undefined){
let data6 = data.reportingInstance;
if(typeof data6 !== "string"){
return false;
}
if(data6 === ""){
return false;
}
}
{
if(data.action !== undefined){
let data7 = data.action;
if(typeof data7 !== "string"){
return false;
}
if(data7 === ""){
return false;
}
}
{
if(data.reason !== undefined){
let data8 = data.reason;
if(typeof data8 !== "string"){
return false;
}
if(data8 === ""){
return false;
}
}
{
if(!validate44(data.regarding)) return false;
{
if(data.related !== undefined){
if(!validate44(data.related)) return false;
}
{
if(data.note !== undefined){
let data11 = data.note;
if(typeof data11 !== "string"){
return false;
}
if(data11 === ""){
return false;
}
}
{
if(data.type !== undefined){
let data12 = data.type;
if(typeof data12 !== "string"){
return false;
}
if(data12 === ""){
return false;
}
}
{
if(!validate65(data.deprecatedSource)) return false;
{
let data14 = data.deprecatedFirstTimestamp;
const text1 = timeOrNullText(data14);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data14){
data["deprecatedFirstTimestamp"] = text1;
}
}
{
let data15 = data.deprecatedLastTimestamp;
const text2 = timeOrNullText(data15);
if(text2 === undefined){
return false;
}
else {
if(text2 !== data15){
data["deprecatedLastTimestamp"] = text2;
}
}
{
if(data.deprecatedCount !== undefined){
let data16 = data.deprecatedCount;
if(!((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16)))){
return false;
}
if(data16 === 0){
return false;
}
{
if(typeof data16 == "number"){
if(data16 > 2147483647 || isNaN(data16)){
return false;
}
else {
if(data16 < -2147483648 || isNaN(data16)){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate971(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate973(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!(key0 === "type")){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate977(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate979(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(key0 === "name")){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate981(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.namespace === undefined){
data.namespace = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((key0 === "namespace") || (key0 === "name"))){
return false;
}
}
{
if(typeof data.namespace !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate976(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = "";
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "user")) || (key0 === "group")) || (key0 === "serviceAccount"))){
return false;
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(data.user !== undefined){
if(!validate977(data.user)) return false;
}
{
if(data.group !== undefined){
if(!validate979(data.group)) return false;
}
{
if(data.serviceAccount !== undefined){
if(!validate981(data.serviceAccount)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema423 = { properties: {"verbs":0,"apiGroups":0,"resources":0,"clusterScope":0,"namespaces":0} };
function validate984(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.verbs === undefined){
data.verbs = [];
}
if(data.apiGroups === undefined){
data.apiGroups = [];
}
if(data.resources === undefined){
data.resources = [];
}
if(data.namespaces === undefined){
data.namespaces = null;
}
for(const key0 in data){
if(!(((((key0 === "verbs") || (key0 === "apiGroups")) || (key0 === "resources")) || (key0 === "clusterScope")) || (key0 === "namespaces"))){
return false;
}
}
{
let data0 = data.verbs;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
let data2 = data.apiGroups;
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
let data4 = data.resources;
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(typeof data4[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.clusterScope !== undefined){
let data6 = data.clusterScope;
if(typeof data6 !== "boolean"){
return false;
}
if(data6 === false){
return false;
}
}
{
let data7 = data.namespaces;
if((!(Array.isArray(data7))) && (data7 !== null)){
return false;
}
if(data7 !== null && data7.length === 0){
data["namespaces"] = null;
}
{
if(Array.isArray(data7)){
const len3 = data7.length;
for(let i3=0; i3<len3; i3++){
if(typeof data7[i3] !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate986(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.verbs === undefined){
data.verbs = [];
}
if(data.nonResourceURLs === undefined){
data.nonResourceURLs = [];
}
for(const key0 in data){
if(!((key0 === "verbs") || (key0 === "nonResourceURLs"))){
return false;
}
}
{
let data0 = data.verbs;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
let data2 = data.nonResourceURLs;
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate975(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.subjects === undefined){
data.subjects = [];
}
for(const key0 in data){
if(!(((key0 === "subjects") || (key0 === "resourceRules")) || (key0 === "nonResourceRules"))){
return false;
}
}
{
let data0 = data.subjects;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate976(data0[i0])) return false;
}
}
else {
return false;
}
}
{
if(data.resourceRules !== undefined){
let data2 = data.resourceRules;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate984(data2[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.nonResourceRules !== undefined){
let data4 = data.nonResourceRules;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(!validate986(data4[i2])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate970(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.priorityLevelConfiguration === undefined){
data.priorityLevelConfiguration = {};
}
if(data.matchingPrecedence === undefined){
data.matchingPrecedence = 0;
}
for(const key0 in data){
if(!((((key0 === "priorityLevelConfiguration") || (key0 === "matchingPrecedence")) || (key0 === "distinguisherMethod")) || (key0 === "rules"))){
return false;
}
}
{
if(!validate971(data.priorityLevelConfiguration)) return false;
{
let data1 = data.matchingPrecedence;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
{
if(data.distinguisherMethod !== undefined){
if(!validate973(data.distinguisherMethod)) return false;
}
{
if(data.rules !== undefined){
let data3 = data.rules;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate975(data3[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate991(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(data.type !== undefined){
let data0 = data.type;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.status !== undefined){
let data1 = data.status;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate990(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "conditions")){
return false;
}
}
{
if(data.conditions !== undefined){
let data0 = data.conditions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate991(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate968(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate970(data.spec)) return false;
{
if(!validate990(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate999(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.queues === undefined){
data.queues = 0;
}
if(data.handSize === undefined){
data.handSize = 0;
}
if(data.queueLengthLimit === undefined){
data.queueLengthLimit = 0;
}
for(const key0 in data){
if(!(((key0 === "queues") || (key0 === "handSize")) || (key0 === "queueLengthLimit"))){
return false;
}
}
{
let data0 = data.queues;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
let data1 = data.handSize;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
{
let data2 = data.queueLengthLimit;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate998(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!((key0 === "type") || (key0 === "queuing"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.queuing !== undefined){
if(!validate999(data.queuing)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate997(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.limitResponse === undefined){
data.limitResponse = {};
}
for(const key0 in data){
if(!((((key0 === "nominalConcurrencyShares") || (key0 === "limitResponse")) || (key0 === "lendablePercent")) || (key0 === "borrowingLimitPercent"))){
return false;
}
}
{
if(data.nominalConcurrencyShares !== undefined){
let data0 = data.nominalConcurrencyShares;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(!validate998(data.limitResponse)) return false;
{
if(data.lendablePercent !== undefined){
let data2 = data.lendablePercent;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
{
if(data.borrowingLimitPercent !== undefined){
let data3 = data.borrowingLimitPercent;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1003(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "nominalConcurrencyShares") || (key0 === "lendablePercent"))){
return false;
}
}
{
if(data.nominalConcurrencyShares !== undefined){
let data0 = data.nominalConcurrencyShares;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.lendablePercent !== undefined){
let data1 = data.lendablePercent;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate996(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
data.type = "";
}
for(const key0 in data){
if(!(((key0 === "type") || (key0 === "limited")) || (key0 === "exempt"))){
return false;
}
}
{
if(typeof data.type !== "string"){
return false;
}
{
if(data.limited !== undefined){
if(!validate997(data.limited)) return false;
}
{
if(data.exempt !== undefined){
if(!validate1003(data.exempt)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1007(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.lastTransitionTime === undefined){
data.lastTransitionTime = null;
}
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "status")) || (key0 === "lastTransitionTime")) || (key0 === "reason")) || (key0 === "message"))){
return false;
}
}
{
if(data.type !== undefined){
let data0 = data.type;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.status !== undefined){
let data1 = data.status;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
let data2 = data.lastTransitionTime;
const text0 = timeOrNullText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["lastTransitionTime"] = text0;
}
}
{
if(data.reason !== undefined){
let data3 = data.reason;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.message !== undefined){
let data4 = data.message;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1006(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "conditions")){
return false;
}
}
{
if(data.conditions !== undefined){
let data0 = data.conditions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1007(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate994(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate996(data.spec)) return false;
{
if(!validate1006(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1013(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "group") || (key0 === "resource")) || (key0 === "namespace")) || (key0 === "name"))){
return false;
}
}
{
if(data.group !== undefined){
let data0 = data.group;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.resource !== undefined){
let data1 = data.resource;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.namespace !== undefined){
let data2 = data.namespace;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.name !== undefined){
let data3 = data.name;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1012(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "parentRef")){
return false;
}
}
{
if(data.parentRef !== undefined){
if(!validate1013(data.parentRef)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate1010(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1012(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1021(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "name") || (key0 === "number"))){
return false;
}
}
{
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.number !== undefined){
let data1 = data.number;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
if(data1 === 0){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 2147483647 || isNaN(data1)){
return false;
}
else {
if(data1 < -2147483648 || isNaN(data1)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1020(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.port === undefined){
data.port = {};
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "port"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(!validate1021(data.port)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate1019(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "service") || (key0 === "resource"))){
return false;
}
}
{
if(data.service !== undefined){
if(!validate1020(data.service)) return false;
}
{
if(data.resource !== undefined){
if(!validate206(data.resource)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1026(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "hosts") || (key0 === "secretName"))){
return false;
}
}
{
if(data.hosts !== undefined){
let data0 = data.hosts;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.secretName !== undefined){
let data2 = data.secretName;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1030(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.backend === undefined){
data.backend = {};
}
for(const key0 in data){
if(!(((key0 === "path") || (key0 === "pathType")) || (key0 === "backend"))){
return false;
}
}
{
if(data.path !== undefined){
let data0 = data.path;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.pathType !== undefined){
if(typeof data.pathType !== "string"){
return false;
}
}
{
if(!validate1019(data.backend)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1029(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.paths === undefined){
data.paths = [];
}
for(const key0 in data){
if(!(key0 === "paths")){
return false;
}
}
{
let data0 = data.paths;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1030(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1028(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "http") || (key0 === "host"))){
return false;
}
}
{
if(data.http !== undefined){
if(!validate1029(data.http)) return false;
}
{
if(data.host !== undefined){
let data1 = data.host;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1018(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "ingressClassName") || (key0 === "defaultBackend")) || (key0 === "tls")) || (key0 === "rules"))){
return false;
}
}
{
if(data.ingressClassName !== undefined){
if(typeof data.ingressClassName !== "string"){
return false;
}
}
{
if(data.defaultBackend !== undefined){
if(!validate1019(data.defaultBackend)) return false;
}
{
if(data.tls !== undefined){
let data2 = data.tls;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate1026(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.rules !== undefined){
let data4 = data.rules;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
if(!validate1028(data4[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1039(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.port === undefined){
data.port = 0;
}
if(data.protocol === undefined){
data.protocol = "";
}
for(const key0 in data){
if(!(((key0 === "port") || (key0 === "protocol")) || (key0 === "error"))){
return false;
}
}
{
let data0 = data.port;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
{
if(typeof data.protocol !== "string"){
return false;
}
{
if(data.error !== undefined){
if(typeof data.error !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1038(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "ip") || (key0 === "hostname")) || (key0 === "ports"))){
return false;
}
}
{
if(data.ip !== undefined){
let data0 = data.ip;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.hostname !== undefined){
let data1 = data.hostname;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.ports !== undefined){
let data2 = data.ports;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate1039(data2[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1037(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "ingress")){
return false;
}
}
{
if(data.ingress !== undefined){
let data0 = data.ingress;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1038(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1036(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.loadBalancer === undefined){
data.loadBalancer = {};
}
for(const key0 in data){
if(!(key0 === "loadBalancer")){
return false;
}
}
{
if(!validate1037(data.loadBalancer)) return false;
}
}
else {
return false;
}
}
return true;
}
function validate1016(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1018(data.spec)) return false;
{
if(!validate1036(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1047(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(((((key0 === "apiGroup") || (key0 === "kind")) || (key0 === "name")) || (key0 === "scope")) || (key0 === "namespace"))){
return false;
}
}
{
if(data.apiGroup !== undefined){
if(typeof data.apiGroup !== "string"){
return false;
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.scope !== undefined){
if(typeof data.scope !== "string"){
return false;
}
}
{
if(data.namespace !== undefined){
if(typeof data.namespace !== "string"){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1046(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "controller") || (key0 === "parameters"))){
return false;
}
}
{
if(data.controller !== undefined){
let data0 = data.controller;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.parameters !== undefined){
if(!validate1047(data.parameters)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1044(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1046(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1055(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "protocol") || (key0 === "port")) || (key0 === "endPort"))){
return false;
}
}
{
if(data.protocol !== undefined){
if(typeof data.protocol !== "string"){
return false;
}
}
{
if(data.port !== undefined){
if(!intOrStringOk(data.port)){
return false;
}
}
{
if(data.endPort !== undefined){
let data2 = data.endPort;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1060(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.cidr === undefined){
data.cidr = "";
}
for(const key0 in data){
if(!((key0 === "cidr") || (key0 === "except"))){
return false;
}
}
{
if(typeof data.cidr !== "string"){
return false;
}
{
if(data.except !== undefined){
let data1 = data.except;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1057(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "podSelector") || (key0 === "namespaceSelector")) || (key0 === "ipBlock"))){
return false;
}
}
{
if(data.podSelector !== undefined){
if(!validate200(data.podSelector)) return false;
}
{
if(data.namespaceSelector !== undefined){
if(!validate200(data.namespaceSelector)) return false;
}
{
if(data.ipBlock !== undefined){
if(!validate1060(data.ipBlock)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1054(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "ports") || (key0 === "from"))){
return false;
}
}
{
if(data.ports !== undefined){
let data0 = data.ports;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1055(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.from !== undefined){
let data2 = data.from;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate1057(data2[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1064(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "ports") || (key0 === "to"))){
return false;
}
}
{
if(data.ports !== undefined){
let data0 = data.ports;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1055(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.to !== undefined){
let data2 = data.to;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate1057(data2[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1052(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.podSelector === undefined){
data.podSelector = {};
}
for(const key0 in data){
if(!((((key0 === "podSelector") || (key0 === "ingress")) || (key0 === "egress")) || (key0 === "policyTypes"))){
return false;
}
}
{
if(!validate200(data.podSelector)) return false;
{
if(data.ingress !== undefined){
let data1 = data.ingress;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate1054(data1[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.egress !== undefined){
let data3 = data.egress;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
if(!validate1064(data3[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.policyTypes !== undefined){
let data5 = data.policyTypes;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len2 = data5.length;
for(let i2=0; i2<len2; i2++){
if(typeof data5[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1050(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1052(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1071(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "cidrs")){
return false;
}
}
{
if(data.cidrs !== undefined){
let data0 = data.cidrs;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1073(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "conditions")){
return false;
}
}
{
if(data.conditions !== undefined){
let data0 = data.conditions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate550(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1069(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1071(data.spec)) return false;
{
if(!validate1073(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1078(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "podFixed")){
return false;
}
}
{
if(data.podFixed !== undefined){
let data0 = data.podFixed;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
let data1 = data0[key1];
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data0[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1080(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "nodeSelector") || (key0 === "tolerations"))){
return false;
}
}
{
if(data.nodeSelector !== undefined){
let data0 = data.nodeSelector;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(typeof data0[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.tolerations !== undefined){
let data2 = data.tolerations;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate429(data2[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1076(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.handler === undefined){
data.handler = "";
}
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "handler")) || (key0 === "overhead")) || (key0 === "scheduling"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(typeof data.handler !== "string"){
return false;
}
{
if(data.overhead !== undefined){
if(!validate1078(data.overhead)) return false;
}
{
if(data.scheduling !== undefined){
if(!validate1080(data.scheduling)) return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1083(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "deleteOptions"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.deleteOptions !== undefined){
if(!validate9(data.deleteOptions)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1088(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "minAvailable") || (key0 === "selector")) || (key0 === "maxUnavailable")) || (key0 === "unhealthyPodEvictionPolicy"))){
return false;
}
}
{
if(data.minAvailable !== undefined){
if(!intOrStringOk(data.minAvailable)){
return false;
}
}
{
if(data.selector !== undefined){
if(!validate200(data.selector)) return false;
}
{
if(data.maxUnavailable !== undefined){
if(!intOrStringOk(data.maxUnavailable)){
return false;
}
}
{
if(data.unhealthyPodEvictionPolicy !== undefined){
if(typeof data.unhealthyPodEvictionPolicy !== "string"){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1091(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.disruptionsAllowed === undefined){
data.disruptionsAllowed = 0;
}
if(data.currentHealthy === undefined){
data.currentHealthy = 0;
}
if(data.desiredHealthy === undefined){
data.desiredHealthy = 0;
}
if(data.expectedPods === undefined){
data.expectedPods = 0;
}
for(const key0 in data){
if(!(((((((key0 === "observedGeneration") || (key0 === "disruptedPods")) || (key0 === "disruptionsAllowed")) || (key0 === "currentHealthy")) || (key0 === "desiredHealthy")) || (key0 === "expectedPods")) || (key0 === "conditions"))){
return false;
}
}
{
if(data.observedGeneration !== undefined){
let data0 = data.observedGeneration;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
if(data0 === 0){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.disruptedPods !== undefined){
let data1 = data.disruptedPods;
if(isEmpty(data1)){
return false;
}
{
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
let data2 = data1[key1];
const text0 = timeText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data1[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
{
let data3 = data.disruptionsAllowed;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
{
let data4 = data.currentHealthy;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 2147483647 || isNaN(data4)){
return false;
}
else {
if(data4 < -2147483648 || isNaN(data4)){
return false;
}
}
}
}
{
let data5 = data.desiredHealthy;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 2147483647 || isNaN(data5)){
return false;
}
else {
if(data5 < -2147483648 || isNaN(data5)){
return false;
}
}
}
}
{
let data6 = data.expectedPods;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
return false;
}
{
if(typeof data6 == "number"){
if(data6 > 2147483647 || isNaN(data6)){
return false;
}
else {
if(data6 < -2147483648 || isNaN(data6)){
return false;
}
}
}
}
{
if(data.conditions !== undefined){
let data7 = data.conditions;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(!validate550(data7[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1086(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1088(data.spec)) return false;
{
if(!validate1091(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema471 = { properties: {"kind":0,"apiVersion":0,"metadata":0,"rules":0,"aggregationRule":0} };
function validate1096(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.verbs === undefined){
data.verbs = [];
}
for(const key0 in data){
if(!(((((key0 === "verbs") || (key0 === "apiGroups")) || (key0 === "resources")) || (key0 === "resourceNames")) || (key0 === "nonResourceURLs"))){
return false;
}
}
{
let data0 = data.verbs;
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
{
if(data.apiGroups !== undefined){
let data2 = data.apiGroups;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(typeof data2[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.resources !== undefined){
let data4 = data.resources;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(typeof data4[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.resourceNames !== undefined){
let data6 = data.resourceNames;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len3 = data6.length;
for(let i3=0; i3<len3; i3++){
if(typeof data6[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.nonResourceURLs !== undefined){
let data8 = data.nonResourceURLs;
if(!data8?.length){
return false;
}
{
if(Array.isArray(data8)){
const len4 = data8.length;
for(let i4=0; i4<len4; i4++){
if(typeof data8[i4] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1098(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "clusterRoleSelectors")){
return false;
}
}
{
if(data.clusterRoleSelectors !== undefined){
let data0 = data.clusterRoleSelectors;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate200(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1094(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.rules === undefined){
data.rules = null;
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "rules")) || (key0 === "aggregationRule"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
let data3 = data.rules;
if((!(Array.isArray(data3))) && (data3 !== null)){
return false;
}
if(data3 !== null && data3.length === 0){
data["rules"] = null;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate1096(data3[i0])) return false;
}
}
}
{
if(data.aggregationRule !== undefined){
if(!validate1098(data.aggregationRule)) return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1103(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiGroup")) || (key0 === "name")) || (key0 === "namespace"))){
return false;
}
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(data.apiGroup !== undefined){
let data1 = data.apiGroup;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.namespace !== undefined){
let data3 = data.namespace;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1105(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiGroup === undefined){
data.apiGroup = "";
}
if(data.kind === undefined){
data.kind = "";
}
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(((key0 === "apiGroup") || (key0 === "kind")) || (key0 === "name"))){
return false;
}
}
{
if(typeof data.apiGroup !== "string"){
return false;
}
{
if(typeof data.kind !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1101(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.roleRef === undefined){
data.roleRef = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "subjects")) || (key0 === "roleRef"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.subjects !== undefined){
let data3 = data.subjects;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate1103(data3[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(!validate1105(data.roleRef)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema477 = { properties: {"kind":0,"apiVersion":0,"metadata":0,"rules":0} };
function validate1107(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.rules === undefined){
data.rules = null;
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "rules"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
let data3 = data.rules;
if((!(Array.isArray(data3))) && (data3 !== null)){
return false;
}
if(data3 !== null && data3.length === 0){
data["rules"] = null;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate1096(data3[i0])) return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1110(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.roleRef === undefined){
data.roleRef = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "subjects")) || (key0 === "roleRef"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.subjects !== undefined){
let data3 = data.subjects;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!validate1103(data3[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(!validate1105(data.roleRef)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1118(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.expression === undefined){
data.expression = "";
}
for(const key0 in data){
if(!(key0 === "expression")){
return false;
}
}
{
if(typeof data.expression !== "string"){
return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate1117(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "cel")){
return false;
}
}
{
if(data.cel !== undefined){
if(!validate1118(data.cel)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate1122(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.driver === undefined){
data.driver = "";
}
for(const key0 in data){
if(!((key0 === "driver") || (key0 === "parameters"))){
return false;
}
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(data.parameters !== undefined){
if(!rawOk(data.parameters)){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1121(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "opaque")){
return false;
}
}
{
if(data.opaque !== undefined){
if(!validate1122(data.opaque)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate1116(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "selectors") || (key0 === "config")) || (key0 === "extendedResourceName"))){
return false;
}
}
{
if(data.selectors !== undefined){
let data0 = data.selectors;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1117(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.config !== undefined){
let data2 = data.config;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate1121(data2[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.extendedResourceName !== undefined){
if(typeof data.extendedResourceName !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1114(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1116(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema487 = { properties: {"requests":0,"constraints":0,"config":0} };
function validate1133(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.operator === undefined){
data.operator = "Equal";
}
for(const key0 in data){
if(!(((((key0 === "key") || (key0 === "operator")) || (key0 === "value")) || (key0 === "effect")) || (key0 === "tolerationSeconds"))){
return false;
}
}
{
if(data.key !== undefined){
let data0 = data.key;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
let data1 = data.operator;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
{
if(data.value !== undefined){
let data2 = data.value;
if(typeof data2 !== "string"){
return false;
}
if(data2 === ""){
return false;
}
}
{
if(data.effect !== undefined){
let data3 = data.effect;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.tolerationSeconds !== undefined){
let data4 = data.tolerationSeconds;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 9007199254740991 || isNaN(data4)){
return false;
}
else {
if(data4 < -9007199254740991 || isNaN(data4)){
return false;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1135(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "requests")){
return false;
}
}
{
if(data.requests !== undefined){
let data0 = data.requests;
if(isEmpty(data0)){
return false;
}
{
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
let data1 = data0[key1];
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data0[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1131(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.deviceClassName === undefined){
data.deviceClassName = "";
}
for(const key0 in data){
if(!(((((((key0 === "deviceClassName") || (key0 === "selectors")) || (key0 === "allocationMode")) || (key0 === "count")) || (key0 === "adminAccess")) || (key0 === "tolerations")) || (key0 === "capacity"))){
return false;
}
}
{
if(typeof data.deviceClassName !== "string"){
return false;
}
{
if(data.selectors !== undefined){
let data1 = data.selectors;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate1117(data1[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.allocationMode !== undefined){
let data3 = data.allocationMode;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
{
if(data.count !== undefined){
let data4 = data.count;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
return false;
}
if(data4 === 0){
return false;
}
{
if(typeof data4 == "number"){
if(data4 > 9007199254740991 || isNaN(data4)){
return false;
}
else {
if(data4 < -9007199254740991 || isNaN(data4)){
return false;
}
}
}
}
}
{
if(data.adminAccess !== undefined){
if(typeof data.adminAccess !== "boolean"){
return false;
}
}
{
if(data.tolerations !== undefined){
let data6 = data.tolerations;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(!validate1133(data6[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.capacity !== undefined){
if(!validate1135(data.capacity)) return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1138(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.deviceClassName === undefined){
data.deviceClassName = "";
}
for(const key0 in data){
if(!(((((((key0 === "name") || (key0 === "deviceClassName")) || (key0 === "selectors")) || (key0 === "allocationMode")) || (key0 === "count")) || (key0 === "tolerations")) || (key0 === "capacity"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.deviceClassName !== "string"){
return false;
}
{
if(data.selectors !== undefined){
let data2 = data.selectors;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate1117(data2[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.allocationMode !== undefined){
let data4 = data.allocationMode;
if(typeof data4 !== "string"){
return false;
}
if(data4 === ""){
return false;
}
}
{
if(data.count !== undefined){
let data5 = data.count;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
if(data5 === 0){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 9007199254740991 || isNaN(data5)){
return false;
}
else {
if(data5 < -9007199254740991 || isNaN(data5)){
return false;
}
}
}
}
}
{
if(data.tolerations !== undefined){
let data6 = data.tolerations;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(!validate1133(data6[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.capacity !== undefined){
if(!validate1135(data.capacity)) return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1130(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "exactly")) || (key0 === "firstAvailable"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.exactly !== undefined){
if(!validate1131(data.exactly)) return false;
}
{
if(data.firstAvailable !== undefined){
let data2 = data.firstAvailable;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!validate1138(data2[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1144(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "requests") || (key0 === "matchAttribute")) || (key0 === "distinctAttribute"))){
return false;
}
}
{
if(data.requests !== undefined){
let data0 = data.requests;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(typeof data0[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.matchAttribute !== undefined){
if(typeof data.matchAttribute !== "string"){
return false;
}
}
{
if(data.distinctAttribute !== undefined){
if(typeof data.distinctAttribute !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1146(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "opaque") || (key0 === "requests"))){
return false;
}
}
{
if(data.opaque !== undefined){
if(!validate1122(data.opaque)) return false;
}
{
if(data.requests !== undefined){
let data1 = data.requests;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1129(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.requests === undefined){
data.requests = null;
}
for(const key0 in data){
if(!(((key0 === "requests") || (key0 === "constraints")) || (key0 === "config"))){
return false;
}
}
{
let data0 = data.requests;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["requests"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1130(data0[i0])) return false;
}
}
}
{
if(data.constraints !== undefined){
let data2 = data.constraints;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate1144(data2[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.config !== undefined){
let data4 = data.config;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(!validate1146(data4[i2])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1128(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.devices === undefined){
data.devices = {};
}
for(const key0 in data){
if(!(key0 === "devices")){
return false;
}
}
{
if(!validate1129(data.devices)) return false;
}
}
else {
return false;
}
}
return true;
}
const schema498 = { properties: {"request":0,"driver":0,"pool":0,"device":0,"adminAccess":0,"tolerations":0,"bindingConditions":0,"bindingFailureConditions":0,"shareID":0,"consumedCapacity":0} };
function validate1154(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.request === undefined){
data.request = "";
}
if(data.driver === undefined){
data.driver = "";
}
if(data.pool === undefined){
data.pool = "";
}
if(data.device === undefined){
data.device = "";
}
for(const key0 in data){
if(!(func0.call(schema498.properties, key0))){
return false;
}
}
{
if(typeof data.request !== "string"){
return false;
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(typeof data.pool !== "string"){
return false;
}
{
if(typeof data.device !== "string"){
return false;
}
{
if(data.adminAccess !== undefined){
if(typeof data.adminAccess !== "boolean"){
return false;
}
}
{
if(data.tolerations !== undefined){
let data5 = data.tolerations;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
if(!validate1133(data5[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.bindingConditions !== undefined){
let data7 = data.bindingConditions;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len1 = data7.length;
for(let i1=0; i1<len1; i1++){
if(typeof data7[i1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.bindingFailureConditions !== undefined){
let data9 = data.bindingFailureConditions;
if(!data9?.length){
return false;
}
{
if(Array.isArray(data9)){
const len2 = data9.length;
for(let i2=0; i2<len2; i2++){
if(typeof data9[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.shareID !== undefined){
if(typeof data.shareID !== "string"){
return false;
}
}
{
if(data.consumedCapacity !== undefined){
let data12 = data.consumedCapacity;
if(isEmpty(data12)){
return false;
}
{
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key1 in data12){
let data13 = data12[key1];
const text0 = quantityText(data13);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data13){
data12[key1] = text0;
}
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1157(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.source === undefined){
data.source = "";
}
for(const key0 in data){
if(!(((key0 === "opaque") || (key0 === "source")) || (key0 === "requests"))){
return false;
}
}
{
if(data.opaque !== undefined){
if(!validate1122(data.opaque)) return false;
}
{
if(typeof data.source !== "string"){
return false;
}
{
if(data.requests !== undefined){
let data2 = data.requests;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1153(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "results") || (key0 === "config"))){
return false;
}
}
{
if(data.results !== undefined){
let data0 = data.results;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1154(data0[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.config !== undefined){
let data2 = data.config;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!validate1157(data2[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1152(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.devices === undefined){
data.devices = {};
}
for(const key0 in data){
if(!(((key0 === "devices") || (key0 === "nodeSelector")) || (key0 === "allocationTimestamp"))){
return false;
}
}
{
if(!validate1153(data.devices)) return false;
{
if(data.nodeSelector !== undefined){
if(!validate186(data.nodeSelector)) return false;
}
{
if(data.allocationTimestamp !== undefined){
let data2 = data.allocationTimestamp;
const text0 = timeText(data2);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data2){
data["allocationTimestamp"] = text0;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1163(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.resource === undefined){
data.resource = "";
}
if(data.name === undefined){
data.name = "";
}
if(data.uid === undefined){
data.uid = "";
}
for(const key0 in data){
if(!((((key0 === "apiGroup") || (key0 === "resource")) || (key0 === "name")) || (key0 === "uid"))){
return false;
}
}
{
if(data.apiGroup !== undefined){
let data0 = data.apiGroup;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(typeof data.resource !== "string"){
return false;
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.uid !== "string"){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema501 = { properties: {"driver":0,"pool":0,"device":0,"shareID":0,"conditions":0,"data":0,"networkData":0} };
function validate1167(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "interfaceName") || (key0 === "ips")) || (key0 === "hardwareAddress"))){
return false;
}
}
{
if(data.interfaceName !== undefined){
let data0 = data.interfaceName;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.ips !== undefined){
let data1 = data.ips;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.hardwareAddress !== undefined){
let data3 = data.hardwareAddress;
if(typeof data3 !== "string"){
return false;
}
if(data3 === ""){
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1165(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.driver === undefined){
data.driver = "";
}
if(data.pool === undefined){
data.pool = "";
}
if(data.device === undefined){
data.device = "";
}
if(data.conditions === undefined){
data.conditions = null;
}
for(const key0 in data){
if(!(((((((key0 === "driver") || (key0 === "pool")) || (key0 === "device")) || (key0 === "shareID")) || (key0 === "conditions")) || (key0 === "data")) || (key0 === "networkData"))){
return false;
}
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(typeof data.pool !== "string"){
return false;
}
{
if(typeof data.device !== "string"){
return false;
}
{
if(data.shareID !== undefined){
if(typeof data.shareID !== "string"){
return false;
}
}
{
let data4 = data.conditions;
if((!(Array.isArray(data4))) && (data4 !== null)){
return false;
}
if(data4 !== null && data4.length === 0){
data["conditions"] = null;
}
{
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!validate550(data4[i0])) return false;
}
}
}
{
if(data.data !== undefined){
if(!rawOk(data.data)){
return false;
}
}
{
if(data.networkData !== undefined){
if(!validate1167(data.networkData)) return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1151(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "allocation") || (key0 === "reservedFor")) || (key0 === "devices"))){
return false;
}
}
{
if(data.allocation !== undefined){
if(!validate1152(data.allocation)) return false;
}
{
if(data.reservedFor !== undefined){
let data1 = data.reservedFor;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!validate1163(data1[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.devices !== undefined){
let data3 = data.devices;
if(!data3?.length){
return false;
}
{
if(Array.isArray(data3)){
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
if(!validate1165(data3[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1126(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1128(data.spec)) return false;
{
if(!validate1151(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1173(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((key0 === "metadata") || (key0 === "spec"))){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1128(data.spec)) return false;
}
}
}
else {
return false;
}
}
return true;
}
function validate1171(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1173(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1180(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.generation === undefined){
data.generation = 0;
}
if(data.resourceSliceCount === undefined){
data.resourceSliceCount = 0;
}
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "generation")) || (key0 === "resourceSliceCount"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
let data1 = data.generation;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 9007199254740991 || isNaN(data1)){
return false;
}
else {
if(data1 < -9007199254740991 || isNaN(data1)){
return false;
}
}
}
}
{
let data2 = data.resourceSliceCount;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 9007199254740991 || isNaN(data2)){
return false;
}
else {
if(data2 < -9007199254740991 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema508 = { properties: {"name":0,"attributes":0,"capacity":0,"consumesCounters":0,"nodeName":0,"nodeSelector":0,"allNodes":0,"taints":0,"bindsToNode":0,"bindingConditions":0,"bindingFailureConditions":0,"allowMultipleAllocations":0,"nodeAllocatableResourceMappings":0} };
function validate1184(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((((key0 === "int") || (key0 === "bool")) || (key0 === "string")) || (key0 === "version")) || (key0 === "ints")) || (key0 === "bools")) || (key0 === "strings")) || (key0 === "versions"))){
return false;
}
}
{
if(data.int !== undefined){
let data0 = data.int;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 9007199254740991 || isNaN(data0)){
return false;
}
else {
if(data0 < -9007199254740991 || isNaN(data0)){
return false;
}
}
}
}
}
{
if(data.bool !== undefined){
if(typeof data.bool !== "boolean"){
return false;
}
}
{
if(data.string !== undefined){
if(typeof data.string !== "string"){
return false;
}
}
{
if(data.version !== undefined){
if(typeof data.version !== "string"){
return false;
}
}
{
if(data.ints !== undefined){
let data4 = data.ints;
if(!data4?.length){
return false;
}
{
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
return false;
}
{
if(typeof data5 == "number"){
if(data5 > 9007199254740991 || isNaN(data5)){
return false;
}
else {
if(data5 < -9007199254740991 || isNaN(data5)){
return false;
}
}
}
}
}
}
else {
return false;
}
}
}
{
if(data.bools !== undefined){
let data6 = data.bools;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(typeof data6[i1] !== "boolean"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.strings !== undefined){
let data8 = data.strings;
if(!data8?.length){
return false;
}
{
if(Array.isArray(data8)){
const len2 = data8.length;
for(let i2=0; i2<len2; i2++){
if(typeof data8[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.versions !== undefined){
let data10 = data.versions;
if(!data10?.length){
return false;
}
{
if(Array.isArray(data10)){
const len3 = data10.length;
for(let i3=0; i3<len3; i3++){
if(typeof data10[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1188(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "min") || (key0 === "max")) || (key0 === "step"))){
return false;
}
}
{
if(data.min !== undefined){
let data0 = data.min;
const text0 = quantityText(data0);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data0){
data["min"] = text0;
}
}
}
{
if(data.max !== undefined){
let data1 = data.max;
const text1 = quantityText(data1);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data1){
data["max"] = text1;
}
}
}
{
if(data.step !== undefined){
let data2 = data.step;
const text2 = quantityText(data2);
if(text2 === undefined){
return false;
}
else {
if(text2 !== data2){
data["step"] = text2;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1187(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "default") || (key0 === "validValues")) || (key0 === "validRange"))){
return false;
}
}
{
if(data.default !== undefined){
let data0 = data.default;
const text0 = quantityText(data0);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data0){
data["default"] = text0;
}
}
}
{
if(data.validValues !== undefined){
let data1 = data.validValues;
if(!data1?.length){
return false;
}
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const text1 = quantityText(data2);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data2){
data1[i0] = text1;
}
}
}
}
else {
return false;
}
}
}
{
if(data.validRange !== undefined){
if(!validate1188(data.validRange)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1186(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.value === undefined){
data.value = "0";
}
for(const key0 in data){
if(!((key0 === "value") || (key0 === "requestPolicy"))){
return false;
}
}
{
let data0 = data.value;
const text0 = quantityText(data0);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data0){
data["value"] = text0;
}
}
{
if(data.requestPolicy !== undefined){
if(!validate1187(data.requestPolicy)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1193(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.value === undefined){
data.value = "0";
}
for(const key0 in data){
if(!(key0 === "value")){
return false;
}
}
{
let data0 = data.value;
const text0 = quantityText(data0);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data0){
data["value"] = text0;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1192(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.counterSet === undefined){
data.counterSet = "";
}
for(const key0 in data){
if(!((key0 === "counterSet") || (key0 === "counters"))){
return false;
}
}
{
if(typeof data.counterSet !== "string"){
return false;
}
{
if(data.counters !== undefined){
let data1 = data.counters;
if(isEmpty(data1)){
return false;
}
{
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(!validate1193(data1[key1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1197(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.effect === undefined){
data.effect = "";
}
for(const key0 in data){
if(!((((key0 === "key") || (key0 === "value")) || (key0 === "effect")) || (key0 === "timeAdded"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
if(data.value !== undefined){
let data1 = data.value;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(typeof data.effect !== "string"){
return false;
}
{
if(data.timeAdded !== undefined){
let data3 = data.timeAdded;
const text0 = timeText(data3);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data3){
data["timeAdded"] = text0;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1199(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "capacityKey") || (key0 === "allocationMultiplier"))){
return false;
}
}
{
if(data.capacityKey !== undefined){
if(typeof data.capacityKey !== "string"){
return false;
}
}
{
if(data.allocationMultiplier !== undefined){
let data1 = data.allocationMultiplier;
const text0 = quantityText(data1);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data1){
data["allocationMultiplier"] = text0;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1183(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!(func0.call(schema508.properties, key0))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.attributes !== undefined){
let data1 = data.attributes;
if(isEmpty(data1)){
return false;
}
{
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(!validate1184(data1[key1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.capacity !== undefined){
let data3 = data.capacity;
if(isEmpty(data3)){
return false;
}
{
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key2 in data3){
if(!validate1186(data3[key2])) return false;
}
}
else {
return false;
}
}
}
{
if(data.consumesCounters !== undefined){
let data5 = data.consumesCounters;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
if(!validate1192(data5[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.nodeName !== undefined){
if(typeof data.nodeName !== "string"){
return false;
}
}
{
if(data.nodeSelector !== undefined){
if(!validate186(data.nodeSelector)) return false;
}
{
if(data.allNodes !== undefined){
if(typeof data.allNodes !== "boolean"){
return false;
}
}
{
if(data.taints !== undefined){
let data10 = data.taints;
if(!data10?.length){
return false;
}
{
if(Array.isArray(data10)){
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
if(!validate1197(data10[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.bindsToNode !== undefined){
if(typeof data.bindsToNode !== "boolean"){
return false;
}
}
{
if(data.bindingConditions !== undefined){
let data13 = data.bindingConditions;
if(!data13?.length){
return false;
}
{
if(Array.isArray(data13)){
const len2 = data13.length;
for(let i2=0; i2<len2; i2++){
if(typeof data13[i2] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.bindingFailureConditions !== undefined){
let data15 = data.bindingFailureConditions;
if(!data15?.length){
return false;
}
{
if(Array.isArray(data15)){
const len3 = data15.length;
for(let i3=0; i3<len3; i3++){
if(typeof data15[i3] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.allowMultipleAllocations !== undefined){
if(typeof data.allowMultipleAllocations !== "boolean"){
return false;
}
}
{
if(data.nodeAllocatableResourceMappings !== undefined){
let data18 = data.nodeAllocatableResourceMappings;
if(isEmpty(data18)){
return false;
}
{
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
for(const key3 in data18){
if(!validate1199(data18[key3])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1202(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "counters"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(data.counters !== undefined){
let data1 = data.counters;
if(isEmpty(data1)){
return false;
}
{
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(!validate1193(data1[key1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1179(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.driver === undefined){
data.driver = "";
}
if(data.pool === undefined){
data.pool = {};
}
for(const key0 in data){
if(!((((((((key0 === "driver") || (key0 === "pool")) || (key0 === "nodeName")) || (key0 === "nodeSelector")) || (key0 === "allNodes")) || (key0 === "devices")) || (key0 === "perDeviceNodeSelection")) || (key0 === "sharedCounters"))){
return false;
}
}
{
if(typeof data.driver !== "string"){
return false;
}
{
if(!validate1180(data.pool)) return false;
{
if(data.nodeName !== undefined){
if(typeof data.nodeName !== "string"){
return false;
}
}
{
if(data.nodeSelector !== undefined){
if(!validate186(data.nodeSelector)) return false;
}
{
if(data.allNodes !== undefined){
if(typeof data.allNodes !== "boolean"){
return false;
}
}
{
if(data.devices !== undefined){
let data5 = data.devices;
if(!data5?.length){
return false;
}
{
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
if(!validate1183(data5[i0])) return false;
}
}
else {
return false;
}
}
}
{
if(data.perDeviceNodeSelection !== undefined){
if(typeof data.perDeviceNodeSelection !== "boolean"){
return false;
}
}
{
if(data.sharedCounters !== undefined){
let data8 = data.sharedCounters;
if(!data8?.length){
return false;
}
{
if(Array.isArray(data8)){
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
if(!validate1202(data8[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1177(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1179(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1206(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.value === undefined){
data.value = 0;
}
for(const key0 in data){
if(!(((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "value")) || (key0 === "globalDefault")) || (key0 === "description")) || (key0 === "preemptionPolicy"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
let data3 = data.value;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
return false;
}
{
if(typeof data3 == "number"){
if(data3 > 2147483647 || isNaN(data3)){
return false;
}
else {
if(data3 < -2147483648 || isNaN(data3)){
return false;
}
}
}
}
{
if(data.globalDefault !== undefined){
let data4 = data.globalDefault;
if(typeof data4 !== "boolean"){
return false;
}
if(data4 === false){
return false;
}
}
{
if(data.description !== undefined){
let data5 = data.description;
if(typeof data5 !== "string"){
return false;
}
if(data5 === ""){
return false;
}
}
{
if(data.preemptionPolicy !== undefined){
if(typeof data.preemptionPolicy !== "string"){
return false;
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema520 = { properties: {"attachRequired":0,"podInfoOnMount":0,"volumeLifecycleModes":0,"storageCapacity":0,"fsGroupPolicy":0,"tokenRequests":0,"requiresRepublish":0,"seLinuxMount":0,"nodeAllocatableUpdatePeriodSeconds":0,"serviceAccountTokenInSecrets":0,"preventPodSchedulingIfMissing":0} };
function validate1211(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.audience === undefined){
data.audience = "";
}
for(const key0 in data){
if(!((key0 === "audience") || (key0 === "expirationSeconds"))){
return false;
}
}
{
if(typeof data.audience !== "string"){
return false;
}
{
if(data.expirationSeconds !== undefined){
let data1 = data.expirationSeconds;
if(!((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1)))){
return false;
}
{
if(typeof data1 == "number"){
if(data1 > 9007199254740991 || isNaN(data1)){
return false;
}
else {
if(data1 < -9007199254740991 || isNaN(data1)){
return false;
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1210(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema520.properties, key0))){
return false;
}
}
{
if(data.attachRequired !== undefined){
if(typeof data.attachRequired !== "boolean"){
return false;
}
}
{
if(data.podInfoOnMount !== undefined){
if(typeof data.podInfoOnMount !== "boolean"){
return false;
}
}
{
if(data.volumeLifecycleModes !== undefined){
let data2 = data.volumeLifecycleModes;
if(!data2?.length){
return false;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.storageCapacity !== undefined){
if(typeof data.storageCapacity !== "boolean"){
return false;
}
}
{
if(data.fsGroupPolicy !== undefined){
if(typeof data.fsGroupPolicy !== "string"){
return false;
}
}
{
if(data.tokenRequests !== undefined){
let data6 = data.tokenRequests;
if(!data6?.length){
return false;
}
{
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
if(!validate1211(data6[i1])) return false;
}
}
else {
return false;
}
}
}
{
if(data.requiresRepublish !== undefined){
if(typeof data.requiresRepublish !== "boolean"){
return false;
}
}
{
if(data.seLinuxMount !== undefined){
if(typeof data.seLinuxMount !== "boolean"){
return false;
}
}
{
if(data.nodeAllocatableUpdatePeriodSeconds !== undefined){
let data10 = data.nodeAllocatableUpdatePeriodSeconds;
if(!((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10)))){
return false;
}
{
if(typeof data10 == "number"){
if(data10 > 9007199254740991 || isNaN(data10)){
return false;
}
else {
if(data10 < -9007199254740991 || isNaN(data10)){
return false;
}
}
}
}
}
{
if(data.serviceAccountTokenInSecrets !== undefined){
if(typeof data.serviceAccountTokenInSecrets !== "boolean"){
return false;
}
}
{
if(data.preventPodSchedulingIfMissing !== undefined){
if(typeof data.preventPodSchedulingIfMissing !== "boolean"){
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1208(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1210(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema523 = { properties: {"drivers":0} };
const schema524 = { properties: {"name":0,"nodeID":0,"topologyKeys":0,"allocatable":0} };
function validate1218(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "count")){
return false;
}
}
{
if(data.count !== undefined){
let data0 = data.count;
if(!((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0)))){
return false;
}
{
if(typeof data0 == "number"){
if(data0 > 2147483647 || isNaN(data0)){
return false;
}
else {
if(data0 < -2147483648 || isNaN(data0)){
return false;
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1217(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
data.name = "";
}
if(data.nodeID === undefined){
data.nodeID = "";
}
if(data.topologyKeys === undefined){
data.topologyKeys = null;
}
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "nodeID")) || (key0 === "topologyKeys")) || (key0 === "allocatable"))){
return false;
}
}
{
if(typeof data.name !== "string"){
return false;
}
{
if(typeof data.nodeID !== "string"){
return false;
}
{
let data2 = data.topologyKeys;
if((!(Array.isArray(data2))) && (data2 !== null)){
return false;
}
if(data2 !== null && data2.length === 0){
data["topologyKeys"] = null;
}
{
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(typeof data2[i0] !== "string"){
return false;
}
}
}
}
{
if(data.allocatable !== undefined){
if(!validate1218(data.allocatable)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1216(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.drivers === undefined){
data.drivers = null;
}
for(const key0 in data){
if(!(key0 === "drivers")){
return false;
}
}
{
let data0 = data.drivers;
if((!(Array.isArray(data0))) && (data0 !== null)){
return false;
}
if(data0 !== null && data0.length === 0){
data["drivers"] = null;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1217(data0[i0])) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1214(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
for(const key0 in data){
if(!((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1216(data.spec)) return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1222(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.storageClassName === undefined){
data.storageClassName = "";
}
for(const key0 in data){
if(!(((((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "nodeTopology")) || (key0 === "storageClassName")) || (key0 === "capacity")) || (key0 === "maximumVolumeSize"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(data.nodeTopology !== undefined){
if(!validate200(data.nodeTopology)) return false;
}
{
if(typeof data.storageClassName !== "string"){
return false;
}
{
if(data.capacity !== undefined){
let data5 = data.capacity;
const text0 = quantityText(data5);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data5){
data["capacity"] = text0;
}
}
}
{
if(data.maximumVolumeSize !== undefined){
let data6 = data.maximumVolumeSize;
const text1 = quantityText(data6);
if(text1 === undefined){
return false;
}
else {
if(text1 !== data6){
data["maximumVolumeSize"] = text1;
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
const schema527 = { properties: {"kind":0,"apiVersion":0,"metadata":0,"provisioner":0,"parameters":0,"reclaimPolicy":0,"mountOptions":0,"allowVolumeExpansion":0,"volumeBindingMode":0,"allowedTopologies":0} };
function validate1228(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.key === undefined){
data.key = "";
}
if(data.values === undefined){
data.values = [];
}
for(const key0 in data){
if(!((key0 === "key") || (key0 === "values"))){
return false;
}
}
{
if(typeof data.key !== "string"){
return false;
}
{
let data1 = data.values;
{
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(typeof data1[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1227(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "matchLabelExpressions")){
return false;
}
}
{
if(data.matchLabelExpressions !== undefined){
let data0 = data.matchLabelExpressions;
if(!data0?.length){
return false;
}
{
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!validate1228(data0[i0])) return false;
}
}
else {
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1225(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.provisioner === undefined){
data.provisioner = "";
}
for(const key0 in data){
if(!(func0.call(schema527.properties, key0))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(typeof data.provisioner !== "string"){
return false;
}
{
if(data.parameters !== undefined){
let data4 = data.parameters;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(typeof data4[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.reclaimPolicy !== undefined){
if(typeof data.reclaimPolicy !== "string"){
return false;
}
}
{
if(data.mountOptions !== undefined){
let data7 = data.mountOptions;
if(!data7?.length){
return false;
}
{
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
if(typeof data7[i0] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.allowVolumeExpansion !== undefined){
if(typeof data.allowVolumeExpansion !== "boolean"){
return false;
}
}
{
if(data.volumeBindingMode !== undefined){
if(typeof data.volumeBindingMode !== "string"){
return false;
}
}
{
if(data.allowedTopologies !== undefined){
let data11 = data.allowedTopologies;
if(!data11?.length){
return false;
}
{
if(Array.isArray(data11)){
const len1 = data11.length;
for(let i1=0; i1<len1; i1++){
if(!validate1227(data11[i1])) return false;
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1234(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "persistentVolumeName") || (key0 === "inlineVolumeSpec"))){
return false;
}
}
{
if(data.persistentVolumeName !== undefined){
if(typeof data.persistentVolumeName !== "string"){
return false;
}
}
{
if(data.inlineVolumeSpec !== undefined){
if(!validate126(data.inlineVolumeSpec)) return false;
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1233(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.attacher === undefined){
data.attacher = "";
}
if(data.source === undefined){
data.source = {};
}
if(data.nodeName === undefined){
data.nodeName = "";
}
for(const key0 in data){
if(!(((key0 === "attacher") || (key0 === "source")) || (key0 === "nodeName"))){
return false;
}
}
{
if(typeof data.attacher !== "string"){
return false;
}
{
if(!validate1234(data.source)) return false;
{
if(typeof data.nodeName !== "string"){
return false;
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1239(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.time === undefined){
data.time = null;
}
for(const key0 in data){
if(!(((key0 === "time") || (key0 === "message")) || (key0 === "errorCode"))){
return false;
}
}
{
let data0 = data.time;
const text0 = timeOrNullText(data0);
if(text0 === undefined){
return false;
}
else {
if(text0 !== data0){
data["time"] = text0;
}
}
{
if(data.message !== undefined){
let data1 = data.message;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(data.errorCode !== undefined){
let data2 = data.errorCode;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
return false;
}
{
if(typeof data2 == "number"){
if(data2 > 2147483647 || isNaN(data2)){
return false;
}
else {
if(data2 < -2147483648 || isNaN(data2)){
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1238(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.attached === undefined){
data.attached = false;
}
for(const key0 in data){
if(!((((key0 === "attached") || (key0 === "attachmentMetadata")) || (key0 === "attachError")) || (key0 === "detachError"))){
return false;
}
}
{
if(typeof data.attached !== "boolean"){
return false;
}
{
if(data.attachmentMetadata !== undefined){
let data1 = data.attachmentMetadata;
if(isEmpty(data1)){
return false;
}
{
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(typeof data1[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
{
if(data.attachError !== undefined){
if(!validate1239(data.attachError)) return false;
}
{
if(data.detachError !== undefined){
if(!validate1239(data.detachError)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1231(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.spec === undefined){
data.spec = {};
}
if(data.status === undefined){
data.status = {};
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(!validate1233(data.spec)) return false;
{
if(!validate1238(data.status)) return false;
}
}
}
}
}
}
else {
return false;
}
}
return true;
}
function validate1243(data){
{
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metadata === undefined){
data.metadata = {};
}
if(data.driverName === undefined){
data.driverName = "";
}
for(const key0 in data){
if(!(((((key0 === "kind") || (key0 === "apiVersion")) || (key0 === "metadata")) || (key0 === "driverName")) || (key0 === "parameters"))){
return false;
}
}
{
if(data.kind !== undefined){
let data0 = data.kind;
if(typeof data0 !== "string"){
return false;
}
if(data0 === ""){
return false;
}
}
{
if(data.apiVersion !== undefined){
let data1 = data.apiVersion;
if(typeof data1 !== "string"){
return false;
}
if(data1 === ""){
return false;
}
}
{
if(!validate15(data.metadata)) return false;
{
if(typeof data.driverName !== "string"){
return false;
}
{
if(data.parameters !== undefined){
let data4 = data.parameters;
if(isEmpty(data4)){
return false;
}
{
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(typeof data4[key1] !== "string"){
return false;
}
}
}
else {
return false;
}
}
}
}
}
}
}
}
}
else {
return false;
}
}
return true;
}

export const validators = {
  "meta/v1.APIGroup": validate0,
  "meta/v1.APIVersions": validate6,
  "meta/v1.CreateOptions": validate8,
  "meta/v1.DeleteOptions": validate9,
  "meta/v1.GetOptions": validate12,
  "meta/v1.ListOptions": validate13,
  "meta/v1.PartialObjectMetadata": validate14,
  "meta/v1.PatchOptions": validate21,
  "meta/v1.Status": validate22,
  "meta/v1.Table": validate31,
  "meta/v1.TableOptions": validate39,
  "meta/v1.UpdateOptions": validate40,
  "meta/v1.WatchEvent": validate41,
  "core/v1.Binding": validate42,
  "core/v1.ComponentStatus": validate46,
  "core/v1.ConfigMap": validate50,
  "core/v1.Endpoints": validate52,
  "core/v1.Event": validate62,
  "core/v1.LimitRange": validate70,
  "core/v1.Namespace": validate76,
  "core/v1.Node": validate84,
  "core/v1.NodeProxyOptions": validate123,
  "core/v1.ObjectReference": validate44,
  "core/v1.PersistentVolume": validate124,
  "core/v1.PersistentVolumeClaim": validate197,
  "core/v1.Pod": validate217,
  "core/v1.PodAttachOptions": validate497,
  "core/v1.PodExecOptions": validate498,
  "core/v1.PodLogOptions": validate499,
  "core/v1.PodPortForwardOptions": validate500,
  "core/v1.PodProxyOptions": validate501,
  "core/v1.PodTemplate": validate502,
  "core/v1.RangeAllocation": validate508,
  "core/v1.ReplicationController": validate510,
  "core/v1.ResourceQuota": validate519,
  "core/v1.Secret": validate529,
  "core/v1.SerializedReference": validate531,
  "core/v1.Service": validate533,
  "core/v1.ServiceAccount": validate553,
  "core/v1.ServiceProxyOptions": validate557,
  "admission/v1.AdmissionReview": validate558,
  "admissionregistration/v1.MutatingAdmissionPolicy": validate572,
  "admissionregistration/v1.MutatingAdmissionPolicyBinding": validate595,
  "admissionregistration/v1.MutatingWebhookConfiguration": validate603,
  "admissionregistration/v1.ValidatingAdmissionPolicy": validate616,
  "admissionregistration/v1.ValidatingAdmissionPolicyBinding": validate635,
  "admissionregistration/v1.ValidatingWebhookConfiguration": validate641,
  "apiextensions/v1.ConversionReview": validate650,
  "apiextensions/v1.CustomResourceDefinition": validate656,
  "apiregistration/v1.APIService": validate695,
  "apps/v1.ControllerRevision": validate705,
  "apps/v1.DaemonSet": validate707,
  "apps/v1.Deployment": validate721,
  "apps/v1.ReplicaSet": validate735,
  "apps/v1.StatefulSet": validate745,
  "authentication/v1.SelfSubjectReview": validate764,
  "authentication/v1.TokenRequest": validate769,
  "authentication/v1.TokenReview": validate777,
  "authorization/v1.LocalSubjectAccessReview": validate784,
  "authorization/v1.SelfSubjectAccessReview": validate801,
  "authorization/v1.SelfSubjectRulesReview": validate808,
  "authorization/v1.SubjectAccessReview": validate818,
  "autoscaling/v1.HorizontalPodAutoscaler": validate822,
  "autoscaling/v1.Scale": validate830,
  "autoscaling/v2.HorizontalPodAutoscaler": validate836,
  "batch/v1.CronJob": validate899,
  "batch/v1.Job": validate925,
  "certificates/v1.CertificateSigningRequest": validate934,
  "coordination/v1.Lease": validate942,
  "discovery/v1.EndpointSlice": validate946,
  "events/v1.Event": validate961,
  "flowcontrol/v1.FlowSchema": validate968,
  "flowcontrol/v1.PriorityLevelConfiguration": validate994,
  "networking/v1.IPAddress": validate1010,
  "networking/v1.Ingress": validate1016,
  "networking/v1.IngressClass": validate1044,
  "networking/v1.NetworkPolicy": validate1050,
  "networking/v1.ServiceCIDR": validate1069,
  "node/v1.RuntimeClass": validate1076,
  "policy/v1.Eviction": validate1083,
  "policy/v1.PodDisruptionBudget": validate1086,
  "rbac/v1.ClusterRole": validate1094,
  "rbac/v1.ClusterRoleBinding": validate1101,
  "rbac/v1.Role": validate1107,
  "rbac/v1.RoleBinding": validate1110,
  "resource/v1.DeviceClass": validate1114,
  "resource/v1.ResourceClaim": validate1126,
  "resource/v1.ResourceClaimTemplate": validate1171,
  "resource/v1.ResourceSlice": validate1177,
  "scheduling/v1.PriorityClass": validate1206,
  "storage/v1.CSIDriver": validate1208,
  "storage/v1.CSINode": validate1214,
  "storage/v1.CSIStorageCapacity": validate1222,
  "storage/v1.StorageClass": validate1225,
  "storage/v1.VolumeAttachment": validate1231,
  "storage/v1.VolumeAttributesClass": validate1243,
};
