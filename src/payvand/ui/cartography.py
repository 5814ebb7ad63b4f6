"""Where do the provinces lie on the page? Outlines in degrees become one SVG path per province.

Lambert's conformal conic projection, standard parallels 28° and 36° north, origin 32° N 54° E.
Borders are simplified arc by arc, so that neighbours keep sharing them. Keys are ISO 3166-2:IR
(Debian iso-codes); the source names provinces by HASC letters.
"""

import math
from typing import Any

Point = tuple[float, float]
WIDTH, MARGIN, TOLERANCE = 640, 4, 0.55
CODES = {
    "KB": "17", "BS": "18", "ES": "10", "FA": "07", "GO": "27", "MN": "02", "SM": "20", "TH": "23",
    "YA": "21", "CM": "14", "KZ": "06", "LO": "15", "IL": "16", "HG": "22", "AR": "24", "MK": "00",
    "QM": "25", "HD": "13", "ZA": "19", "QZ": "26", "WA": "04", "EA": "03", "BK": "05", "GI": "01",
    "KD": "12", "KJ": "29", "KV": "09", "KS": "28", "SB": "11", "KE": "08", "AL": "30",
}  # fmt: skip
SEAS = [
    ("خلیج فارس", "Persian Gulf", 51.3, 27.0),
    ("دریای خزر", "Caspian Sea", 51.6, 37.75),
    ("دریای عمان", "Sea of Oman", 58.35, 24.92),
]
_P1, _P2, _P0, _L0 = (math.radians(degrees) for degrees in (28, 36, 32, 54))
_N = math.log(math.cos(_P1) / math.cos(_P2)) / math.log(
    math.tan(math.pi / 4 + _P2 / 2) / math.tan(math.pi / 4 + _P1 / 2)
)
_F = math.cos(_P1) * math.tan(math.pi / 4 + _P1 / 2) ** _N / _N


def _rho(latitude: float) -> float:
    return float(_F / math.tan(math.pi / 4 + latitude / 2) ** _N)


def project(longitude: float, latitude: float) -> Point:
    """Return the place on the plane, y growing southwards."""
    radius = _rho(math.radians(latitude))
    angle = _N * (math.radians(longitude) - _L0)
    return radius * math.sin(angle), radius * math.cos(angle) - _rho(_P0)


def _arcs(topology: dict[str, Any]) -> list[list[Point]]:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(project(x * scale[0] + shift[0], y * scale[1] + shift[1]))
        found.append(points)
    return found


def _thin(points: list[Point], tolerance: float) -> list[Point]:
    """Drop the points that lie within the tolerance of the line between the ends."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)

    def away(x: float, y: float) -> float:
        if length == 0:
            return math.hypot(x - x1, y - y1)
        return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length

    place = max(range(1, len(points) - 1), key=lambda k: away(*points[k]))
    if away(*points[place]) < tolerance:
        return [points[0], points[-1]]
    return _thin(points[: place + 1], tolerance)[:-1] + _thin(points[place:], tolerance)


def _simplified(arc: list[Point], tolerance: float) -> list[Point]:
    if arc[0] == arc[-1] and len(arc) > 4:  # a closed ring is cut in two, or it would vanish
        half = len(arc) // 2
        return _thin(arc[: half + 1], tolerance)[:-1] + _thin(arc[half:], tolerance)
    return _thin(arc, tolerance)


def _ring(ids: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for number in ids:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _provinces(topology: dict[str, Any], arcs: list[list[Point]]) -> dict[str, list[list[Point]]]:
    found: dict[str, list[list[Point]]] = {}
    shapes = next(iter(topology["objects"].values()))["geometries"]
    for shape in shapes:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        # The islands of the Persian Gulf carry no province upstream; they belong to Hormozgan.
        letters = "HG" if shape["id"] == "-99" else shape["id"].rpartition(".")[2]
        rings = [_ring(polygon[0], arcs) for polygon in polygons]
        found.setdefault(f"IR-{CODES[letters]}", []).extend(rings)
    return found


def _area(points: list[Point]) -> float:
    return (
        sum(
            points[k][0] * points[k - 1][1] - points[k - 1][0] * points[k][1]
            for k in range(len(points))
        )
        / 2
    )


def _centre(points: list[Point]) -> Point:
    x = y = 0.0
    for k, (px, py) in enumerate(points):
        qx, qy = points[k - 1]
        cross = px * qy - qx * py
        x, y = x + (px + qx) * cross, y + (py + qy) * cross
    return x / (6 * _area(points)), y / (6 * _area(points))


def _rounded(ring: list[Point]) -> list[Point]:
    points: list[Point] = []
    for x, y in ring:
        point = (round(x, 1), round(y, 1))
        if not points or abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) >= 0.15:
            points.append(point)
    if len(points) < 3:  # a small island stays visible as a diamond
        x, y = points[0]
        points = [(x - 1, y), (x, y - 1), (x + 1, y), (x, y + 1)]
    return points


def _path(points: list[Point]) -> str:
    (x, y), rest = points[0], points[1:]
    steps = []
    for px, py in rest:
        steps.append(f"{round(px - x, 1):g} {round(py - y, 1):g}")
        x, y = px, py
    return f"M{points[0][0]:g} {points[0][1]:g}l{' '.join(steps).replace(' -', '-')}z"


def draw(topology: dict[str, Any]) -> dict[str, Any]:
    """Return size, seas and per province: code, path, centre and area in square units."""
    arcs = _arcs(topology)
    xs = [x for arc in arcs for x, _ in arc]
    scale = (WIDTH - 2 * MARGIN) / (max(xs) - min(xs))
    arcs = [_simplified(arc, TOLERANCE / scale) for arc in arcs]
    left, top = min(xs), min(y for arc in arcs for _, y in arc)

    def place(point: Point) -> Point:
        return (point[0] - left) * scale + MARGIN, (point[1] - top) * scale + MARGIN

    provinces = []
    for code, rings in sorted(_provinces(topology, arcs).items()):
        shapes = [_rounded([place(point) for point in ring]) for ring in rings]
        largest = max(shapes, key=lambda points: abs(_area(points)))
        x, y = _centre(largest)
        provinces.append(
            {
                "code": code,
                "path": "".join(map(_path, shapes)),
                "cx": round(x),
                "cy": round(y),
                "area": round(abs(_area(largest))),
            }
        )
    seas = []
    for fa, en, longitude, latitude in SEAS:
        x, y = place(project(longitude, latitude))
        seas.append({"fa": fa, "en": en, "x": round(x), "y": round(y)})
    height = round(max(place((0, y))[1] for arc in arcs for _, y in arc) + 24)
    return {"width": WIDTH, "height": height, "seas": seas, "provinces": provinces}
