"""Runs MiniStack for as long as the process that started it lives.

Seven things that the `ministack` command does not do:

- It ends, with every Lambda process it started and all files below its working directory, as soon as its
  standard input closes. A test run that is interrupted, or killed outright, therefore leaves nothing behind.
  The starter gives it its own process group and working directory.
- It lets an identity policy see `sts:ExternalId`. MiniStack shows that key to trust policies only, and would
  deny our execution role, whose policy asks for the External ID as AWS does
  (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssts.html lists the key for
  sts:AssumeRole). Without this the test would have to weaken the very policy that it is to prove.
- It lets policies see `kms:EncryptionContext:<key>`. MiniStack knows no such condition, and would deny what the
  log key's policy allows for log files and notifications.
- It finds a KMS key of another account by its ARN or its alias's ARN. The management account looks up the log
  archive account's key in this way; MiniStack only looks among the caller's own.
- It returns the ARN of a trail's topic, as AWS does; the Terraform provider reads the topic from it.
- It lets the test act as an AWS service. MiniStack delivers nothing for CloudTrail. An IAM user whose path is
  `/service/<service principal>/<ARN>/` (see principals.ts) counts in resource policies as that service, acting for
  that ARN and for the user's account.
- It knows which map run of Step Functions, and which workgroup or catalog of Athena, a request is about. MiniStack
  would deny it to everybody whose policy names them.
"""

import dataclasses
import json
import os
import shutil
import signal
import sys
import threading

from ministack.app import main
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, set_request_account_id
from ministack.services import athena, cloudtrail, kms

tag_context = iam_actions.request_tag_context
own_key = kms._resolve_key
trail_view = cloudtrail._trail_view
resource_policy = iam_evaluator.evaluate_resource_policy
resource_arn = iam_actions.extract_resource_arn


def context_of_request(service, action, body, parameters):
    context = tag_context(service, action, body, parameters)
    external_id = iam_actions._query_param(parameters, "ExternalId")
    if action == "sts:AssumeRole" and external_id:
        context["sts:ExternalId"] = external_id
    if service == "kms":
        for key, value in json.loads(body or "{}").get("EncryptionContext", {}).items():
            context[f"kms:EncryptionContext:{key}".lower()] = value
    return context


def key_of_any_account(name):
    if not (name or "").startswith("arn:"):
        return own_key(name)
    caller = get_account_id()
    set_request_account_id(name.split(":")[4])
    try:
        return own_key(name)
    finally:
        set_request_account_id(caller)


def trail_view_with_topic_arn(trail):
    view = trail_view(trail)
    topic = view.get("SnsTopicName")
    if topic:
        home = ":".join(view["TrailARN"].split(":")[3:5])
        view["SnsTopicARN"] = topic if topic.startswith("arn:") else f"arn:aws:sns:{home}:{topic}"
    return view


def resource_policy_with_services(policy, context, service=None, **narrowed):
    user, _, path = iam_evaluator.caller_arn().partition(":user/service/")
    if service or not path:
        return resource_policy(policy, context, service, **narrowed)
    principal, _, source = path.rpartition("/")[0].partition("/")
    keys = {"aws:sourcearn": source, "aws:sourceaccount": user.split(":")[4]}
    as_service = dataclasses.replace(
        context,
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        service_context={**context.service_context, **keys},
    )
    return resource_policy(policy, as_service, principal, **narrowed)


def resource_of_request(service, method, path, headers, body, parameters, region, account):
    arn = resource_arn(service, method, path, headers, body, parameters, region, account)
    if arn != "*" or service not in ("athena", "states"):
        return arn
    request = json.loads(body or "{}")
    if service == "states":
        return request.get("mapRunArn", arn)
    home = f"arn:aws:athena:{region}:{account}"
    if "CatalogName" in request:
        return f"{home}:datacatalog/{request['CatalogName']}"
    execution = athena._executions.get(request.get("QueryExecutionId"))
    return f"{home}:workgroup/{execution['WorkGroup']}" if execution else arn


def end_with_the_starter():
    while os.read(0, 1024):
        pass
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if os.getpgrp() != os.getpid():
    sys.exit("emulator.py must lead its own process group: it ends all of it.")
iam_actions.request_tag_context = context_of_request
iam_actions.extract_resource_arn = resource_of_request
iam_evaluator.evaluate_resource_policy = resource_policy_with_services
kms._resolve_key = key_of_any_account
cloudtrail._trail_view = trail_view_with_topic_arn
threading.Thread(target=end_with_the_starter, daemon=True).start()
sys.argv = ["ministack"]
main()
