// The map: lands, water and towns, and for each sector its routes as short lines over the border (width
// is flow, colour is risk, the kind of line is the channel) or an effect as a circle beside it (area is
// how much, colour is which way). A border without a map is a line
// through its sectors' towns, and without places a straight one.
"use strict";

(() => {
  const { html, svg, compact } = amnok;
  const WIDTH = 860, HEIGHT = 470, NARROW = 520;
  const LETTERS = 12, LEAST = 11; // height of a town's name in the drawing, and at least on a screen
  const WINDOW = 7; // days whose mean is drawn
  const RISK_WEEKS = 4; // weeks whose losses are drawn

  // A map; `update(picture, day, sector)` draws it, `onselect(name or null)` is told of a choice.
  amnok.map = (land, onselect) => {
    const holder = html("div", { class: "map" });
    const legend = html("div", { class: "map-legend" });
    const table = html("details", { class: "numbers" }, html("summary", {}, "Table of routes"));
    const tools = html("p", { class: "tools" }), cite = html("div");
    const found = html("b", {});
    const figure = html("figure", { class: "chart", "aria-label": "Map" }, html("figcaption", {}, found),
      holder, legend, tools, table, cite);
    let layout = null;
    // `effect`: an outcome by sector to show in place of the routes, or null.
    const update = (picture, day, sector, effect = null) => {
      const key = (effect ? `beside ${effect.side}` : "") + picture.scenario + JSON.stringify(picture.sectors) + grown(holder) + (holder.clientWidth < NARROW);
      if (!layout || layout.key !== key) {
        layout = { key, ...base(land, picture, holder, onselect, effect) };
      }
      legend.replaceChildren(...(effect ? legendOfEffect(effect) : legendOf(picture)),
        ...(layout.groups.some((one) => one.label.bare) ? [html("p", { class: "note" }, "Where names do not fit, they are in the table.")] : []));
      if (effect) drawEffect(layout, effect, sector);
      else draw(layout, picture, day, sector);
      table.firstChild.textContent = effect ? "Table of sectors" : "Table of routes";
      const rows = (named) => (effect ? rowsOfEffect(picture, effect) : rowsOfRoutes(picture, day, named));
      const refill = () => {
        const [head, ...body] = rows(true);
        amnok.tableIn(table, effect ? "Sectors, as a table" : "Routes, as a table", head, amnok.readable(body));
      };
      if (table.open) refill();
      table.ontoggle = refill;
      const of = effect || { outcome: "crossings", source: picture.source, rows: [{ unit: "consignments a day" }] };
      const title = effect ? effect.title
        : `What crosses on a day, ${amnok.longDate(amnok.date(picture.first, day))}`;
      found.textContent = title;
      tools.replaceChildren(...amnok.tools({ title, name: `map-${of.outcome}`, csv: () => amnok.csv(amnok.exact(rows())),
        drawing: () => [...holder.children], told: () => ({ title, unit: of.rows[0].unit, source: of.source || "A preview." }) }));
      cite.replaceChildren(...(of.source ? [amnok.citation(title, of.source, `${of.behind || picture.behind[""]} ${land.credit}`.trim())] : []));
    };
    return { figure, update };
  };

  // On dark ground it begins where it can be seen: the first colours are nearly black.
  const dark = matchMedia("(prefers-color-scheme: dark)"), FIRST = 0.45, LAST = 0.95;
  const colour = (risk) => {
    const first = dark.matches ? FIRST : 0;
    return d3.interpolateViridis(first + (LAST - first) * Math.min(Math.sqrt(Math.max(risk, 0)) / 0.32, 1));
  };
  const thickness = (flow) => (flow > 0 ? 1 + 0.42 * Math.sqrt(flow) : 0.8);

  const sizeOf = (holder) => (holder.clientWidth < NARROW ? [NARROW, 400] : [WIDTH, HEIGHT]);
  // How many times as high as usual names are, so that they can be read where the drawing is small.
  const grown = (holder) => Math.max(1, (LEAST * sizeOf(holder)[0]) / (LETTERS * (holder.clientWidth || WIDTH))).toFixed(2);

  // Where everything lies, and the parts that do not change.
  const base = (land, picture, holder, onselect, effect) => {
    const known = picture.sectors.every((sector) => sector.places.every(Boolean));
    const narrow = holder.clientWidth < NARROW;
    const size = sizeOf(holder), times = +grown(holder);
    holder.style.setProperty("--letters", `${LETTERS * times}px`);
    const root = svg("svg", { viewBox: `0 0 ${size[0]} ${size[1]}`, role: "group",
      "aria-label": "Map of sectors; choose one to see its charts" });
    const ground = svg("g", { "aria-hidden": "true" });
    let place, lines, towns;
    if (known) {
      const edge = land.land.features.length ? 6 : 70;
      const projection = d3.geoMercator().fitExtent([[edge, edge], [size[0] - edge, size[1] - edge]], {
        type: "MultiPoint",
        coordinates: framed(picture.sectors.flatMap((s) => s.places)),
      });
      const path = d3.geoPath(projection);
      const lands = [0, 1].map((side) => countryOf(land, picture.sectors.map((s) => s.places[side])));
      for (const feature of land.land.features) {
        const of = feature.properties;
        const side = of.side || ["inner", "outer"][lands.indexOf(of.country)] || "";
        ground.append(svg("path", { d: path(feature), class: of.sector ? "area" : `soil ${of.country || of.side ? side : ""}` }));
      }
      for (const feature of land.water.features) {
        ground.append(svg("path", { d: path(feature),
          class: feature.properties.border ? "water border" : "water" }));
      }
      towns = picture.sectors.map((sector) => sector.places.map(projection));
      if (bordersOf(land).length) {
        lines = linesOf(bordersOf(land)).map((line) => line.map(projection));
        place = onBorder(lines, towns);
        ground.append(...namesOf(land, picture, projection, size));
      } else {
        place = onLine(towns);
        lines = [place.length > 1 ? place.map((p) => [p.x, p.y]) : along(place[0])];
        ground.append(svg("path", { d: d3.line()(lines[0]), class: "water border" }),
          ...namesOf(land, picture, projection, size));
      }
    } else {
      const y = size[1] / 2;
      place = picture.sectors.map((_, n) => ({
        x: ((n + 0.5) / picture.sectors.length) * size[0], y, nx: 0, ny: 1,
      }));
      towns = place.map((p) => [[p.x, p.y + 1], [p.x, p.y - 1]]);
      lines = [[[10, y], [size[0] - 10, y]]];
      ground.append(svg("path", { d: d3.line()(lines[0]), class: "water border" }));
      if (picture.sides) {
        ground.append(
          svg("text", { class: "country", x: size[0] / 2, y: 40, "text-anchor": "middle" }, picture.sides[1]),
          svg("text", { class: "country", x: size[0] / 2, y: size[1] - 24, "text-anchor": "middle" }, picture.sides[0]));
      }
    }
    // Circles lie beside the border on leader lines: no place on it is meant.
    const most = narrow ? MOST_NARROW : MOST;
    if (effect) place = besides(place, size, most, borderAt(lines, towns), effect.side);
    const named = [...ground.querySelectorAll(".country, .water-name")].map((one) => {
      const [letter, high] = one.matches(".country") ? [17, 18] : [6 * times, 12 * times];
      const wide = one.textContent.length * letter, x = +one.getAttribute("x"), y = +one.getAttribute("y");
      return [x - wide / 2, y - high, x + wide / 2, y + 4];
    });
    // What does not change lies in a drawing of its own, which is not painted anew with the rest.
    const below = svg("svg", { viewBox: root.getAttribute("viewBox"), class: "ground",
      "aria-hidden": "true" }, ground);
    const labels = placedLabels(picture.sectors.map((sector) => (effect ? sector.label : sector.towns[0])), place, size,
      named, effect ? most : MOST, effect ? (picture.sectors.length > ROOM ? AMOUNT : UNCLEAR) : "", times);
    const groups = picture.sectors.map((sector, n) => {
      const group = svg("g", { class: "sector", tabindex: 0, role: "button",
        "aria-label": `${sector.label}: ${sector.towns.join(" and ")}` });
      const choose = () => onselect(group.getAttribute("aria-pressed") === "true" ? null : sector.name);
      group.addEventListener("click", choose);
      group.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); }
      });
      root.append(group);
      return { group, sector, label: labels[n], ...place[n] };
    });
    holder.replaceChildren(below, root);
    return { groups, most, times };
  };

  const PAD = 0.16; // of the extent, around towns
  const framed = (points) => {
    const [xs, ys] = [0, 1].map((axis) => d3.extent(points, (point) => point[axis]));
    const dx = Math.max(xs[1] - xs[0], 1) * PAD, dy = Math.max(ys[1] - ys[0], 1) * PAD;
    return [[xs[0] - dx, ys[0] - dy], [xs[1] + dx, ys[1] + dy]];
  };
  // The country that most of some towns lie in.
  const countryOf = (land, towns) => {
    const found = towns.map((town) => land.land.features.find((one) => d3.geoContains(one, town)))
      .filter(Boolean).map((one) => one.properties.country);
    return d3.greatest(d3.rollups(found, (group) => group.length, (name) => name), (one) => one[1])?.[0];
  };
  const bordersOf = (land) => land.water.features.filter((one) => one.properties.border);
  const linesOf = (features) => features.flatMap(({ geometry: { type, coordinates } }) =>
    (type === "LineString" ? [coordinates] : coordinates));
  // Names of the two lands, away from the border, and of the waters that are the border.
  const namesOf = (land, picture, projection, size) => {
    const view = d3.geoMercator().scale(projection.scale()).translate(projection.translate())
      .clipExtent([[0, 0], size]);
    const ownLand = ["inner", "outer"].map((side) => land.land.features.filter((one) => one.properties.side === side && !one.properties.sector));
    const middles = [0, 1].map((side) => {
      const points = picture.sectors.map((sector) => projection(sector.places[side]));
      return [d3.mean(points, (p) => p[0]), d3.mean(points, (p) => p[1])];
    });
    const [inner, outer] = middles;
    const length = Math.hypot(inner[0] - outer[0], inner[1] - outer[1]) || 1;
    const names = picture.sides.map((name, side) => {
      const sign = side === 0 ? 1 : -1, reach = size[1] * 0.27;
      const own = ownLand[side].length && d3.geoPath(view).centroid({ type: "FeatureCollection", features: ownLand[side] });
      if (own && Number.isFinite(own[0])) return svg("text", { class: "country", x: own[0], y: own[1], "text-anchor": "middle" }, name);
      const x = middles[side][0] + (sign * (inner[0] - outer[0]) / length) * reach;
      const y = middles[side][1] + (sign * (inner[1] - outer[1]) / length) * reach;
      return svg("text", { class: "country", x: Math.min(Math.max(x, 90), size[0] - 90),
        y: Math.min(Math.max(y, 30), size[1] - 24), "text-anchor": "middle" }, name);
    });
    const named = d3.groups(bordersOf(land), (one) => one.properties.name);
    for (const [name, features] of named) {
      const points = linesOf(features).flat().map(projection).filter((p) => p[0] > 0 && p[0] < size[0] && p[1] > 0 && p[1] < size[1]);
      if (!name || !points.length) continue;
      const away = (p) => d3.min(picture.sectors, (s) => {
        const [a, b] = s.places.map(projection);
        return Math.hypot((a[0] + b[0]) / 2 - p[0], (a[1] + b[1]) / 2 - p[1]);
      });
      const at = d3.greatest(points, away);
      names.push(svg("text", { class: "water-name", x: at[0], y: at[1] - 6, "text-anchor": "middle" }, name));
    }
    return names;
  };

  // How far a point is from the border, and on which side: 0 inner, 1 outer. Lines run either way:
  // what lies left of one is told by the towns of all sectors. Those nearby count most, but those that a
  // generalised line may have on the wrong side count little.
  const COARSE = 10;
  const borderAt = (lines, towns) => {
    const pieceOf = ([[x, y], [toX, toY]]) => ({ x, y, dx: toX - x, dy: toY - y, length: Math.hypot(toX - x, toY - y) || 1 });
    const nearest = (pieces, [x, y]) => { // a loop: it is asked of some hundred pieces for each of some thousand points
      let least = Infinity, away = 0, left = 0;
      for (const piece of pieces) {
        const px = x - piece.x, py = y - piece.y;
        const part = Math.min(Math.max((px * piece.dx + py * piece.dy) / piece.length ** 2, 0), 1);
        const distance = Math.sqrt((px - part * piece.dx) ** 2 + (py - part * piece.dy) ** 2);
        const beside = (piece.dy * px - piece.dx * py) / piece.length;
        const cost = distance - 1e-6 * Math.abs(beside); // at a corner, the piece that it is beside
        if (cost < least) [least, away, left] = [cost, distance, beside];
      }
      return { away, left };
    };
    const known = lines.map((line) => {
      const pieces = d3.pairs(line).map(pieceOf);
      const innerIsLeft = d3.sum(towns, (pair) => d3.sum(pair, (town, side) => {
        const { away, left } = nearest(pieces, town);
        return ((side ? -1 : 1) * left) / (away + COARSE) ** 3;
      }));
      return { pieces, turn: innerIsLeft < 0 ? -1 : 1 };
    });
    return (point) => {
      const { away, left } = d3.least(known.map(({ pieces, turn }) => {
        const found = nearest(pieces, point);
        return { ...found, left: turn * found.left };
      }), (line) => line.away);
      return { away, side: left > 0 ? 0 : 1 };
    };
  };

  // Beside the border, where least is hidden of what is placed already; `side`: of the border, of what is
  // counted on one alone.
  const MOST = 24, MOST_NARROW = 15, LEADERS = d3.range(1.5, 4.1, 0.5); // radius of the largest circle; leader lines, in radii
  const TURNS = d3.range(0, 2 * Math.PI, Math.PI / 6); // of a leader line against the way across
  const besides = (places, size, most, border, side) => places.reduce((done, one) => {
    const choices = d3.cross(LEADERS, TURNS, (radii, turn) => {
      const reach = radii * most, angle = Math.atan2(one.ny, one.nx) + turn;
      const x = one.x + reach * Math.cos(angle), y = one.y + reach * Math.sin(angle);
      const hidden = d3.sum(done, (other) => Math.max(0, 2 * most + 8 - Math.hypot(other.x - x, other.y - y)));
      const nearby = d3.sum(places, (other) => Math.max(0, most + 4 - Math.hypot(other.x - x, other.y - y)));
      const outside = x < most + 4 || x > size[0] - most - 4 || y < most + 4 || y > size[1] - most - 30;
      const end = border([x, y]), wanted = side ?? end.side;
      const across = [0.25, 0.5, 0.75].filter((part) =>
        border([one.x + part * (x - one.x), one.y + part * (y - one.y)]).side !== wanted);
      return { ...one, rx: one.x, ry: one.y, x, y, cost: hidden * 3 + nearby + reach * 0.15 + Math.max(0, most + 4 - end.away) +
        most * (1 - Math.abs(Math.cos(turn))) + 100 * across.length + (outside ? 1e4 : 0) + (end.side === wanted ? 0 : 1e5) };
    });
    return [...done, d3.least(choices, (choice) => choice.cost)];
  }, []);

  const CRAMPED = 30, AMOUNT = "+1,000"; // hidden by a name, in square units; as wide as amounts are
  const LETTER = 6.5, GAP = 4; // width of a letter, and what lies between a name and its sector
  const AROUND = [[0, 1], [1, 0], [-1, 0], [0, -1], [1, 1], [-1, -1], [1, -1], [-1, 1]];
  const ANCHORS = { "-1": "end", 0: "middle", 1: "start" };
  // Where each town's name goes: beside its sector where it hides nothing, or the least. `second` is
  // as long as what stands below it may be, `times` how many times as high as usual letters are.
  const placedLabels = (names, place, size, others, most, second, times) => {
    const around = (x, y, reach) => [x - reach, y - reach, x + reach, y + reach];
    const taken = [...others, ...place.map(({ x, y }) => around(x, y, most)),
      // A leader line is better not hidden, but rather it than a name left out.
      ...place.flatMap(({ x, y, rx = x, ry = y }) => [0, 0.25, 0.5].map((part) =>
        around(rx + part * (x - rx), ry + part * (y - ry), 1.5)))];
    const line = 14 * times;
    const best = (text, { x, y }) => {
      const wide = Math.max(...text.map((one) => one.length)) * LETTER * times + 4, high = text.length * line;
      return d3.least(AROUND.map(([dx, dy]) => {
        const reach = (dx && dy ? 0.7 : 1) * most + GAP;
        const middle = x + dx * (wide / 2 + reach);
        const left = dx ? middle - wide / 2 : Math.min(Math.max(middle - wide / 2, 2), size[0] - wide - 2);
        const top = y - high / 2 + dy * (high / 2 + reach);
        const box = [left, top, left + wide, top + high];
        const outside = box[0] < 2 || box[2] > size[0] - 2 || box[1] < 2 || box[3] > size[1] - 2;
        const hidden = d3.sum(taken, ([a, b, c, d]) =>
          Math.max(0, Math.min(c, box[2]) - Math.max(a, box[0])) *
          Math.max(0, Math.min(d, box[3]) - Math.max(b, box[1])));
        return { label: { x: left + wide * (1 - dx) / 2, y: top + 11 * times, "text-anchor": ANCHORS[dx] },
          box, cost: hidden + (outside ? 1e6 : 0) };
      }), (one) => one.cost);
    };
    return names.map((name, n) => {
      const whole = best([name, second].filter(Boolean), place[n]);
      const bare = whole.cost > CRAMPED; // no name that would hide others: an amount alone, or nothing
      const { box, label } = bare ? best([AMOUNT], place[n]) : whole;
      if (!bare || second) taken.push(box);
      return { ...label, bare };
    });
  };

  // A piece of the border where it is but a place and the way across.
  const along = ({ x, y, nx, ny }) => [[x - ny, y + nx], [x + ny, y - nx]];
  const middleOf = ([[a, b], [c, d]]) => [(a + c) / 2, (b + d) / 2];
  // The middle of a sector's towns, and the way across the line through them there.
  const onLine = (towns) => {
    const points = towns.map(middleOf);
    return points.map(([x, y], n) => {
      const [from, to] = [points[Math.max(n - 1, 0)], points[Math.min(n + 1, points.length - 1)]];
      const [inner, outer] = towns[n];
      const [dx, dy] = points.length > 1 ? [to[0] - from[0], to[1] - from[1]] : [inner[1] - outer[1], outer[0] - inner[0]];
      const length = Math.hypot(dx, dy);
      return length ? { x, y, nx: -dy / length, ny: dx / length } : { x, y, nx: 0, ny: 1 };
    });
  };

  // The point of the border next to the middle of a sector's towns, and the way across it there.
  const onBorder = (lines, towns) => {
    const points = lines.flatMap((line) => d3.pairs(line))
      .map(([a, b]) => ({ x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, dx: b[0] - a[0], dy: b[1] - a[1] }));
    // The point of a piece that is next to another; pieces of a generalised line are long.
    const closest = (p, mid) => {
      const along = ((mid[0] - p.x) * p.dx + (mid[1] - p.y) * p.dy) / (p.dx ** 2 + p.dy ** 2 || 1);
      const part = Math.min(Math.max(along, -0.5), 0.5);
      return { x: p.x + part * p.dx, y: p.y + part * p.dy };
    };
    const found = towns.map(middleOf).map((mid) => {
      const near = d3.least(points, (p) => {
        const { x, y } = closest(p, mid);
        return (x - mid[0]) ** 2 + (y - mid[1]) ** 2;
      });
      return { ...closest(near, mid), near };
    });
    // Smoothed over the neighbourhood, or a bend of it would turn the lines along it.
    return found.map(({ x, y, near }) => {
      let { dx, dy } = near;
      for (const p of points) {
        if (p === near || (p.x - x) ** 2 + (p.y - y) ** 2 > 30 ** 2) continue;
        const sign = p.dx * near.dx + p.dy * near.dy >= 0 ? 1 : -1; // whichever way a line is drawn
        dx += sign * p.dx;
        dy += sign * p.dy;
      }
      const length = Math.hypot(dx, dy) || 1;
      return { x, y, nx: -dy / length, ny: dx / length };
    });
  };

  const flowOf = (picture, day) => {
    picture.flows ??= amnok.unpack(picture.flow);
    const n = picture.routes.length;
    const from = Math.max(0, Math.min(day - 3, picture.days - WINDOW));
    const to = Math.min(picture.days, from + WINDOW);
    return picture.routes.map((_, r) => {
      let sum = 0;
      for (let d = from; d < to; d++) sum += picture.flows[d * n + r];
      return sum / Math.max(to - from, 1);
    });
  };

  // Shares lost; NaN where nothing set out, and everywhere on a border on which nobody seizes goods.
  const riskOf = (picture, day) => {
    if (!picture.risk) return picture.routes.map(() => NaN);
    picture.risks ??= amnok.unpack(picture.risk);
    const n = picture.routes.length;
    const week = Math.min(Math.floor(day / 7), picture.weeks - 1);
    const from = Math.max(0, week - RISK_WEEKS + 1);
    return picture.routes.map((_, r) => {
      const seen = d3.range(from, week + 1).map((w) => picture.risks[w * n + r]).filter(Number.isFinite);
      return seen.length ? d3.mean(seen) : NaN;
    });
  };

  const draw = ({ groups }, picture, day, chosen) => {
    const flow = flowOf(picture, day), risk = riskOf(picture, day);
    for (const { group, sector, x, y, nx, ny, label } of groups) {
      const routes = picture.routes.map((route, n) => ({ ...route, flow: flow[n], risk: risk[n] }))
        .filter((route) => route.sector === sector.name);
      const pressed = sector.name === chosen;
      group.setAttribute("aria-pressed", pressed);
      const total = d3.sum(routes, (route) => route.flow);
      const parts = [svg("title", {}, `${sector.label}: ${compact(total)} crossings a day`),
        svg("circle", { class: "halo", cx: x, cy: y, r: 27 })];
      const gaps = routes.map((route) => thickness(route.flow) + 3);
      let along = -d3.sum(gaps) / 2;
      routes.forEach((route, n) => {
        const at = along + gaps[n] / 2;
        along += gaps[n];
        const cx = x + ny * at, cy = y - nx * at;
        const reach = 17;
        const look = Number.isFinite(route.risk) ? colour(route.risk) : "currentColor";
        const text = `${route.name}: ${compact(route.flow)} crossings a day` +
          (picture.risk ? `, ${compact(100 * route.risk)}% lost` : "");
        parts.push(svg("line", { class: `route ${route.channel}`, stroke: look,
          "stroke-width": thickness(route.flow), x1: cx - nx * reach, y1: cy - ny * reach,
          x2: cx + nx * reach, y2: cy + ny * reach }, svg("title", {}, text)));
      });
      if (!label.bare) parts.push(svg("text", { class: "town", ...label, bare: null }, sector.towns[0]));
      group.replaceChildren(...parts);
    }
  };

  const ROOM = 8, UNCLEAR = "no clear effect"; // sectors beside which three words have room; of more the legend says it
  // Of one pair of worlds there is no interval: which way its difference goes is told.
  const kindOf = (row) => ((row.low ?? row.difference) > 0 ? "more" : (row.high ?? row.difference) < 0 ? "less" : "none");
  const none = (row) => (row.low === null ? "no effect" : UNCLEAR);
  const rowsOf = (effect) => new Map(effect.rows.map((row) => [row.sector, row]));
  const drawEffect = ({ groups, most, times }, effect, chosen) => {
    const rows = rowsOf(effect);
    const largest = d3.max(effect.rows, (row) => Math.abs(row.difference)) || 1;
    const unclear = (row, label) => (groups.length > ROOM ? "" : label.bare && row.low !== null ? "unclear" : none(row));
    for (const { group, sector, x, y, rx, ry, label } of groups) {
      const row = rows.get(sector.name);
      group.setAttribute("aria-pressed", sector.name === chosen);
      const text = `${sector.label}: ${row.told} ${row.unit}`;
      const kind = kindOf(row);
      group.replaceChildren(
        svg("title", {}, `${text}, ${compact(row.with)} with, ${compact(row.without)} without${kind === "none" ? `, ${none(row)}` : ""}`),
        svg("line", { class: "leader", x1: rx, y1: ry, x2: x, y2: y }),
        svg("circle", { class: "halo ring", cx: x, cy: y, r: most + 3 }),
        svg("circle", { class: `symbol ${kind}`, cx: x, cy: y,
          r: Math.max(most * Math.sqrt(Math.abs(row.difference) / largest), 3) }),
        svg("text", { class: "town", ...label, bare: null }, label.bare ? "" : sector.label,
          svg("tspan", { class: "amount", x: label.x, dy: label.bare ? 0 : 13 * times }, kind !== "none" ? row.told : unclear(row, label))));
    }
  };
  const legendOfEffect = (effect) => {
    const dot = (kind) => svg("svg", { width: 16, height: 16, "aria-hidden": "true" },
      svg("circle", { class: `symbol ${kind}`, cx: 8, cy: 8, r: 7 }));
    return [html("ul", { class: "legend" },
      [["more", "more"], ["less", "less"], ["none", none(effect.rows[0])]].map(([kind, text]) => html("li", {}, dot(kind), text))),
    html("p", { class: "note" }, `${effect.label}: the area of a circle is the difference in ${effect.rows[0].unit}. ` +
      "Each circle is a sector as large as a county, drawn beside the border.")];
  };
  const rowsOfEffect = (picture, effect) => {
    const label = new Map(picture.sectors.map((one) => [one.name, one.label]));
    return [["sector", "without", "with", `difference, ${effect.rows[0].unit}`, "low", "high"],
      ...effect.rows.map((row) => [label.get(row.sector),
        ...["without", "with", "difference", "low", "high"].map((name) => row[name] ?? NaN)])];
  };

  const legendOf = (picture) => {
    const used = [...new Set(picture.routes.map((route) => route.channel))];
    const line = (name, width, look) => svg("svg", { width: 34, height: 14, "aria-hidden": "true" },
      svg("line", { x1: 2, x2: 32, y1: 7, y2: 7, class: `route ${name}`, "stroke-width": width, stroke: look }));
    const item = (mark, text) => html("li", {}, mark, text);
    return [html("ul", { class: "legend" },
      used.map((name) => item(line(name, 4, colour(0.02)), picture.channels[name])),
      [10, 100, 400].map((flow) => item(line("", thickness(flow), colour(0.02)), `${flow} a day`)),
      (picture.risk ? [0.005, 0.03, 0.1] : []).map((risk) =>
        item(line("", 6, colour(risk)), `${100 * risk}% lost`))),
    html("p", { class: "note" }, "Each group of lines is a sector as large as a county. Its routes are drawn " +
      "side by side; where along the border means nothing.")];
  };

  const rowsOfRoutes = (picture, day, named) => {
    const flow = flowOf(picture, day), risk = riskOf(picture, day);
    const lost = (cell) => (picture.risk ? [cell] : []);
    return [["route", "sector", "channel", "crossings a day", ...lost("lost, %")],
      ...picture.routes.map((route, n) => [route.name, picture.sectors.find((s) => s.name === route.sector).label,
        named ? picture.channels[route.channel] : route.channel, flow[n], ...lost(100 * risk[n])])];
  };

  const MONTH = 64; // room for a month's name
  // The time line: all crossings of each day, with halts, orders and reports; the slider lies below.
  amnok.timeline = () => {
    const holder = html("div", { class: "timeline" });
    const update = (picture, day) => {
      const width = Math.max(holder.clientWidth || 320, 200);
      const at = (d) => 8 + ((width - 16) * d) / picture.days;
      const orders = amnok.placed(picture, at), top = amnok.topOf(orders), height = top + 52, bottom = height - 16;
      picture.flows ??= amnok.unpack(picture.flow);
      const n = picture.routes.length;
      const total = d3.range(picture.days).map((d) => d3.sum(picture.flows.subarray(d * n, (d + 1) * n)));
      const y = d3.scaleLinear([0, d3.max(total) || 1], [bottom, top + 4]);
      const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
        "aria-label": `Crossings of each day, with orders, halts${picture.reports ? " and source reports" : ""}; listed below` });
      root.append(
        svg("path", { class: "days", d: d3.area((_, d) => at(d + 0.5), bottom, (value) => y(value))(total) }),
        amnok.marks(picture, at, orders, bottom));
      const every = [3, 6, 12, 24, 60, 120].find((step) => (picture.days / 30 / step) * MONTH < width) || 240;
      const months = (every < 12 ? d3.utcMonth.every(every) : d3.utcYear.every(every / 12))
        .range(amnok.date(picture.first, 0), amnok.date(picture.first, picture.days));
      for (const month of months) {
        const x = at((month - amnok.date(picture.first, 0)) / 86400e3);
        const anchor = x < 30 ? "start" : x > width - 30 ? "end" : "middle";
        root.append(svg("text", { x, y: height - 3, "text-anchor": anchor, class: "month" }, d3.utcFormat("%b %Y")(month)));
      }
      root.append(svg("line", { class: "today", x1: at(day + 0.5), x2: at(day + 0.5), y1: top, y2: bottom }));
      holder.replaceChildren(root);
    };
    return { holder, update };
  };

  // Orders and halts in words, by date.
  amnok.events = (picture) => [
    picture.orders.length ? html("div", { class: "orders" }, amnok.table("What happened, by date", ["from", "what"],
      picture.orders.map((order) => [html("time", { datetime: order.start }, order.start), order.label]))) : null,
    picture.halts.length ? html("p", { class: "note" }, html("span", { class: "swatch halt" }), " Halts: " +
      picture.halts.map((halt) => `${halt.label ? halt.label + " " : ""}${halt.start}`).join(", ") + ".") : null,
    picture.reports ? html("p", { class: "note" }, html("span", { class: "swatch tick" }),
      " Source reports, on the day they were published (of one run).") : null].filter(Boolean);
})();
