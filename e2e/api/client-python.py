"""What the Python client asks of an API server; ends with an error for the first answer that is not as it ought to be."""

import re
from kubernetes import client, config, dynamic, watch

config.load_kube_config()
core, apps = client.CoreV1Api(), client.AppsV1Api()


def every_list_and_discovery():
    """Calls whatever lists or describes, and reads the answers into the client's own types."""
    calls = 0
    for name in [name for name in dir(client) if name.endswith("Api")]:
        api = getattr(client, name)()
        for method in dir(api):
            if not re.match("(list|get_api_resources|get_api_versions|get_code|get_api_group)", method):
                continue
            if method.endswith("_with_http_info") or "custom_object" in method:
                continue
            call = getattr(api, method)
            try:
                call("default") if "namespaced" in method else call()
            except client.ApiException as error:
                # Versions that Kubernetes has removed since the client was made.
                assert error.status == 404, f"{name}.{method}: {error}"
            calls += 1
    assert calls > 100, calls


def writes_and_watches():
    core.create_namespace({"metadata": {"name": "python"}})
    core.create_namespaced_service_account("python", {"metadata": {"name": "default"}})
    container = client.V1Container(name="c", image="i", resources=client.V1ResourceRequirements(requests={"cpu": "100m"}))
    pod = client.V1Pod(metadata=client.V1ObjectMeta(name="p"), spec=client.V1PodSpec(containers=[container]))
    created = core.create_namespaced_pod("python", pod)
    assert created.metadata.creation_timestamp.tzinfo is not None and created.status.phase == "Pending"

    events = watch.Watch().stream(core.list_namespaced_pod, "python", timeout_seconds=1)
    assert [(event["type"], event["object"].metadata.name) for event in events] == [("ADDED", "p")]

    patched = core.patch_namespaced_pod("p", "python", {"metadata": {"labels": {"a": "1"}}})
    patched.metadata.labels["b"] = "2"
    assert core.replace_namespaced_pod("p", "python", patched).metadata.labels == {"a": "1", "b": "2"}
    try:
        core.replace_namespaced_pod("p", "python", patched)
        raise AssertionError("an old version was taken")
    except client.ApiException as error:
        assert (error.status, error.reason) == (409, "Conflict"), error
    core.delete_namespaced_pod("p", "python", grace_period_seconds=0)

    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    spec = client.V1DeploymentSpec(selector={"matchLabels": {"a": "b"}}, template=template)
    apps.create_namespaced_deployment("python", client.V1Deployment(metadata={"name": "d"}, spec=spec))
    assert apps.patch_namespaced_deployment_scale("d", "python", {"spec": {"replicas": 3}}).spec.replicas == 3


def dynamic_client():
    maps = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": {"a": "b"}}
    assert maps.create(body=body, namespace="python").data.a == "b"
    events = maps.watch(namespace="python", timeout=1)
    assert [event["object"].metadata.name for event in events] == ["applied"]


every_list_and_discovery()
writes_and_watches()
dynamic_client()
