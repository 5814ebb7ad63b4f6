"""How does a plan read as OpenADR 3: a program, an event, intervals with payloads?

Pure. Field names and types of OpenADR 3.1: objectType, programName, eventName, targets, intervals
with id, intervalPeriod (start, ISO 8601 duration) and payloads (type, values), payloadDescriptors.
A grid alert (ALERT_POSSIBLE_OUTAGE) goes to schedule areas, never to feeders; what one consumer is
asked (DISPATCH_SETPOINT_RELATIVE, in kW) goes to that consumer alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

OUTAGE, SETPOINT = "ALERT_POSSIBLE_OUTAGE", "DISPATCH_SETPOINT_RELATIVE"
KW = {"objectType": "EVENT_PAYLOAD_DESCRIPTOR", "payloadType": SETPOINT, "units": "KW"}


def program(key: str, name: str, area: str) -> dict[str, Any]:
    """Return the program under which a province announces its plans."""
    return {
        "objectType": "PROGRAM", "id": key, "programName": name, "country": "IR",
        "principalSubdivision": area.partition("-")[2], "bindingEvents": False,
        "localPrice": False,
    }  # fmt: skip


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def outages(
    key: str, program_id: str, start: datetime, areas: Mapping[str, Iterable[int]], text: str
) -> list[dict[str, Any]]:
    """Return one event per schedule area: the blocks of two hours in which it may be off.

    start: UTC, the first hour of the day.
    """
    return [
        {
            "objectType": "EVENT", "id": f"{key}-{n}", "programID": program_id,
            "eventName": name, "priority": 0,
            "targets": [{"type": "SERVICE_AREA", "values": [name]}],
            "intervals": [
                {"id": place, "intervalPeriod": {"start": _at(start + timedelta(hours=hour)),
                                                 "duration": "PT2H"},
                 "payloads": [{"type": OUTAGE, "values": [text]}]}
                for place, hour in enumerate(hours)
            ],
        }
        for n, (name, hours) in enumerate(areas.items(), 1) if hours
    ]  # fmt: skip


def asked(
    key: str, program_id: str, start: datetime, consumer: str, mw: Sequence[float]
) -> dict[str, Any]:
    """Return the event of one consumer: kW to give (negative) or to take later, by hour.

    mw: 24 numbers, negative where less is to be used.
    """
    return {
        "objectType": "EVENT", "id": key, "programID": program_id, "eventName": key, "priority": 1,
        "targets": [{"type": "RESOURCE_NAME", "values": [consumer]}],
        "payloadDescriptors": [KW],
        "intervals": [
            {"id": hour, "intervalPeriod": {"start": _at(start + timedelta(hours=hour)),
                                            "duration": "PT1H"},
             "payloads": [{"type": SETPOINT, "values": [round(1000 * value, 1)]}]}
            for hour, value in enumerate(mw) if abs(value) > 1e-6
        ],
    }  # fmt: skip
