"""Plants bugs into emulated vendors, the way a hurried change would."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from assaykit.emulator import vendors
from assaykit.emulator.engine.contract import Contract, load_document
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.vendor import Behaviour, Behaviours, Call, Vendor
from assaykit.emulator.vendors import podium

PARTNER = "partner-12345"
COMPANY = 488
Bug = Callable[[Call, Behaviour], Success]


def plant(operation: str, bug: Bug, name: str = "podium") -> Vendor:
    """Return a vendor with one operation's behaviour replaced.

    Args:
        operation: operationId.
        bug: gets the call and the sound behaviour.
        name: the vendor.
    """
    vendor = vendors.load(name)
    sound = vendor.behaviours.operations[operation]
    behaviours = Behaviours()
    behaviours.include(vendor.behaviours)
    behaviours.operations[operation] = lambda call: bug(call, sound)
    return replace(vendor, behaviours=behaviours)


def fails_on_empty_text(call: Call, sound: Behaviour) -> Success:
    """A name of no characters, which nobody thought of, ends in an unhandled error."""
    if "" in call.body["integrationPartnerParticipantMetadata"]:
        raise RuntimeError("planted: the empty name is not handled")
    return sound(call)


def answers_an_undocumented_status(call: Call, sound: Behaviour) -> Success:
    """One rare format is answered 202 instead of 200."""
    reply = sound(call)
    return replace(reply, status=202) if call.body.get("format") == "doc" else reply


def answers_a_wrong_type_in_a_rare_branch(call: Call, sound: Behaviour) -> Success:
    """Invitations with a forced order get a number for an id."""
    reply = sound(call)
    for given, invitation in zip(call.body["tests"], reply.body, strict=True):
        if "order" in given:
            invitation["invitationId"] = given["order"]
    return reply


def counts_an_empty_page_from_zero(call: Call, sound: Behaviour) -> Success:
    """A page beyond the last one begins at record 0 instead of none."""
    reply = sound(call)
    meta = reply.body["meta"]
    return replace(reply, body={**reply.body, "meta": {**meta, "from": meta["from"] or 0}})


def writes_null_for_an_empty_page(call: Call, sound: Behaviour) -> Success:
    """A page that holds nothing has null in the place of an empty list."""
    reply = sound(call)
    return replace(reply, body={**reply.body, "value": reply.body["value"] or None})


def shows_everybodys_exams(call: Call, sound: Behaviour) -> Success:
    """Whoever asks is taken for the owner."""
    return sound(replace(call, identity="assaykit-demo-app"))


def shows_everybodys_candidates(call: Call, sound: Behaviour) -> Success:
    """Whoever asks is taken for somebody of the sample company."""
    return sound(replace(call, identity=replace(call.identity, organization=COMPANY)))


def tells_the_next_id(call: Call, sound: Behaviour) -> Success:
    """The answer to a creation has an id that nothing has yet."""
    reply = sound(call)
    return replace(reply, body={**reply.body, "id": reply.body["id"] + 1})


def forgets_to_delete(status: int) -> Bug:
    """What is said to be deleted, with a status, stays."""
    return lambda call, sound: Success(status=status)


def counts_one_credit_too_many(call: Call, sound: Behaviour) -> Success:
    """The total is one higher than what is left."""
    reply = sound(call)
    return replace(reply, body={"creditTotal": reply.body["creditTotal"] + 1})


def without_auth(operation: str) -> Vendor:
    """Return Podium with an operation that serves everybody, whoever they are, as its one partner."""
    document = deepcopy(dict(load_document("podium")))
    for item in document["paths"].values():
        for definition in item.values():
            if isinstance(definition, dict) and definition.get("operationId") == operation:
                definition["security"] = []
    vendor = podium.vendor(Contract(document))
    sound = vendor.behaviours.operations[operation]
    vendor.behaviours.operations[operation] = lambda call: sound(replace(call, identity=PARTNER))
    return vendor
