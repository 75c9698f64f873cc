import type { PodTemplate } from "@kube-ts/api/core/v1";
import { podTemplates } from "@kube-ts/api/resource-types";
import { defineResource } from "../resource-definition.ts";
import { column, containerImages, containerNames, formatLabels, nameCell, nameColumn } from "../table/columns.ts";
import { defaultPodTemplate } from "./default-pod-spec.ts";
import { dropDisabledPodFields } from "./drop-disabled-fields.ts";
import { validatePodTemplate, validatePodTemplateUpdate } from "./validate-pod-template.ts";
import { countChange, startGeneration } from "../meta/generation.ts";

export const podTemplateResource = defineResource<PodTemplate>({
  type: podTemplates,
  singular: "podtemplate",
  storagePrefix: "podtemplates",
  strategy: {
    defaults(object) {
      object.template = defaultPodTemplate(object.template);
    },
    prepareForCreate(object) {
      startGeneration(object);
      if (object.template?.spec) dropDisabledPodFields(object.template.spec, undefined);
    },
    prepareForUpdate(object, old) {
      if (object.template?.spec) dropDisabledPodFields(object.template.spec, old.template?.spec);
      countChange(object, object.template, old.template);
    },
    validateCreate: validatePodTemplate,
    validateUpdate: validatePodTemplateUpdate,
    returnsDeletedObject: true,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Containers", "string", "Names of the containers in the template."),
      column("Images", "string", "Images of the containers in the template."),
      column("Pod Labels", "string", "Labels that pods of the template get."),
    ],
    row: (object) => ({
      cells: [
        nameCell(object),
        containerNames(object.template?.spec?.containers),
        containerImages(object.template?.spec?.containers),
        formatLabels(object.template?.metadata?.labels),
      ],
    }),
  },
});
