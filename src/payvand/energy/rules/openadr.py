"""How does a plan read as OpenADR 3: a program, an event, intervals with payloads?

Pure. Field names and types of OpenADR 3.1: objectType, programName, eventName, targets, intervals
with id, intervalPeriod (start, ISO 8601 duration) and payloads (type, values), payloadDescriptors.
A grid alert (ALERT_POSSIBLE_OUTAGE) goes to schedule areas, never to feeders; what one consumer is
asked (DISPATCH_SETPOINT_RELATIVE, in kW) goes to that consumer alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Frame:
    """What the events of a plan share: their key, their program, the first hour of the day, UTC."""

    key: str
    program: str
    start: datetime


def outages(frame: Frame, areas: Mapping[str, Iterable[int]], text: str) -> list[dict[str, Any]]:
    """Return one event per schedule area: the blocks of two hours in which it may be off."""
    return [
        {
            "objectType": "EVENT", "id": f"{frame.key}-{n}", "programID": frame.program,
            "eventName": name, "priority": 0,
            "targets": [{"type": "SERVICE_AREA", "values": [name]}],
            "intervals": [
                {"id": place, "intervalPeriod": _period(frame.start, hour, 2),
                 "payloads": [{"type": OUTAGE, "values": [text]}]}
                for place, hour in enumerate(hours)
            ],
        }
        for n, (name, hours) in enumerate(areas.items(), 1) if hours
    ]  # fmt: skip


def asked(frame: Frame, consumer: str, mw: Sequence[float]) -> dict[str, Any]:
    """Return the event of one consumer: kW to give (negative) or to take later, by hour.

    mw: 24 numbers, negative where less is to be used.
    """
    return {
        "objectType": "EVENT", "id": frame.key, "programID": frame.program, "eventName": frame.key,
        "priority": 1, "targets": [{"type": "RESOURCE_NAME", "values": [consumer]}],
        "payloadDescriptors": [KW],
        "intervals": [
            {"id": hour, "intervalPeriod": _period(frame.start, hour, 1),
             "payloads": [{"type": SETPOINT, "values": [round(1000 * value, 1)]}]}
            for hour, value in enumerate(mw) if abs(value) > 1e-6
        ],
    }  # fmt: skip


def _period(start: datetime, hour: int, hours: int) -> dict[str, str]:
    return {"start": _at(start + timedelta(hours=hour)), "duration": f"PT{hours}H"}
