"""The API's document in few words, and what a later one may not take from programs that were written for an earlier one."""

import json
from typing import Any

WORDS = {"title", "description", "default", "example", "examples", "discriminator"}  # bind nobody
Schema = dict[str, Any]


def contract_of(document: Schema) -> Schema:
    """Every operation with what it takes and answers, and every schema with what its properties are."""
    operations = {
        f"{method.upper()} {path}": _operation(operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    schemas = {name: _object(schema) for name, schema in document["components"]["schemas"].items()}
    return {"operations": operations, "schemas": schemas}


def _operation(operation: Schema) -> Schema:
    sent = operation.get("requestBody", {})
    return {
        "parameters": {
            one["name"]: {"required": one.get("required", False), "is": _kinds(one["schema"])}
            for one in operation["parameters"]
        },
        "body": _kinds(_json(sent)) if sent else [],
        "answers": {str(code): _kinds(_json(answer)) for code, answer in operation["responses"].items()},
    }


def _json(part: Schema) -> Schema:
    return part.get("content", {}).get("application/json", {}).get("schema", {})


def _object(schema: Schema) -> Schema:
    is_ = {name: _kinds(one) for name, one in schema.get("properties", {}).items()}
    return {"required": sorted(schema.get("required", [])), "is": is_}


def _kinds(schema: Schema) -> list[str]:
    """Each of the types that a value may have, with its limits; the values of an enum one by one."""
    either = schema.get("anyOf") or schema.get("oneOf")
    if either:
        return sorted({kind for one in either for kind in _kinds(one)})
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    bare = {key: value for key, value in schema.items() if key not in WORDS}
    values = bare.pop("enum", [bare.pop("const")] if "const" in bare else [])
    if values:
        return sorted(f"{json.dumps(value)}" for value in values)
    if "items" in bare:
        inside = _kinds(bare.pop("items"))
        return [f"{json.dumps(bare, sort_keys=True)} of {kind}" for kind in inside]
    return [json.dumps(bare, sort_keys=True)]


def broken(old: Schema, new: Schema) -> list[str]:
    """What a program that was written for the old contract would trip over."""
    found = []
    for name, was in old["operations"].items():
        found += _broken_operation(name, was, new["operations"].get(name))
    sent = _sent(old)
    for name, was in old["schemas"].items():
        found += _broken_schema(name, was, new["schemas"].get(name), sent=name in sent)
    return found


def _broken_operation(name: str, was: Schema, now: Schema | None) -> list[str]:
    if now is None:
        return [f"{name} is gone"]
    known = now["parameters"]
    needed = {one for one, said in known.items() if said["required"]}
    needed -= {one for one, said in was["parameters"].items() if said["required"]}
    found = [f"{name} asks for {one}" for one in sorted(needed)]
    for one, said in was["parameters"].items():
        found += _lost(f"{name}?{one}", said["is"], known.get(one, {}).get("is"))
    found += _lost(f"{name} body", was["body"], now["body"])
    for code, kinds in was["answers"].items():
        found += _lost(f"{name} {code}", kinds, now["answers"].get(code))
    return found


def _broken_schema(name: str, was: Schema, now: Schema | None, *, sent: bool) -> list[str]:
    if now is None:
        return [f"{name} is gone"]
    more = set(now["required"]) - set(was["required"]) if sent else set()
    less = set() if sent else set(was["required"]) - set(now["required"])
    found = [f"{name} asks for {one}" for one in sorted(more)]
    found += [f"{name} may lack {one}" for one in sorted(less)]
    for one, kinds in was["is"].items():
        found += _lost(f"{name}.{one}", kinds, now["is"].get(one))
    return found


def _lost(where: str, was: list[str], now: list[str] | None) -> list[str]:
    if now is None:
        return [f"{where} is gone"]
    return [f"{where} is no longer {kind}" for kind in was if kind not in now]


def _sent(contract: Schema) -> set[str]:
    """The schemas of what is sent, those inside of others too."""
    todo = [kind for operation in contract["operations"].values() for kind in operation["body"]]
    found: set[str] = set()
    while todo:
        name = todo.pop().rpartition(" of ")[2]
        if name in contract["schemas"] and name not in found:
            found.add(name)
            todo += [kind for kinds in contract["schemas"][name]["is"].values() for kind in kinds]
    return found
