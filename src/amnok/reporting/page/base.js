// What every part of the page uses: elements, numbers, dates, downloads. One global name: amnok.
"use strict";
const amnok = {};

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const STEPS = [[1e9, "B"], [1e6, "M"]];
  const DAY = 86400e3;

  // An element with attributes and children. Text is always set as text, never as markup.
  const make = (document_, create) => (name, attributes = {}, ...children) => {
    const element = create(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value != null) element.setAttribute(key, value);
    }
    element.append(...children.flat().filter((child) => child != null));
    return element;
  };
  amnok.html = make(document, (name) => document.createElement(name));
  amnok.svg = make(document, (name) => document.createElementNS(SVG, name));

  // A table, named for who cannot see it, that scrolls where it is too wide. `rows` hold texts or
  // elements, of which the first heads its row; `classes` are of rows.
  amnok.table = (name, heads, rows, classes = []) => {
    const { html } = amnok;
    return html("div", { class: "wide", tabindex: 0, role: "region", "aria-label": name }, html("table", {},
      html("thead", {}, html("tr", {}, heads.map((head) => head ? html("th", { scope: "col" }, head) : html("td")))),
      html("tbody", {}, rows.map(([first, ...cells], n) => html("tr", { class: classes[n] },
        html("th", { scope: "row" }, first), cells.map((cell) => html("td", {}, cell)))))));
  };
  // The same below a summary, made while that is open.
  amnok.tableIn = (details, ...table) => {
    details.querySelector("div")?.remove();
    if (details.open) details.append(amnok.table(...table));
  };

  // Numbers as the server packs them: float32 in base64; NaN where there is nothing.
  amnok.unpack = (packed) => {
    const text = atob(packed.f32);
    const bytes = new Uint8Array(text.length);
    for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
    return new Float32Array(bytes.buffer);
  };

  // As in cells.py: to some decimals or digits, halves away from zero.
  amnok.fixed = (number, decimals = 0) => number.toFixed(decimals);
  amnok.significant = (number, digits) => Number(number.toPrecision(digits));
  amnok.percent = (share) => `${amnok.fixed(100 * share)}%`;

  // A number to three digits, from a million on in millions (M) or billions (B).
  amnok.compact = (number) => {
    if (!Number.isFinite(number)) return "–";
    if (number === 0) return "0";
    const rounded = amnok.significant(number, 3), size = Math.abs(rounded);
    if (size < 1e-4 || size >= 1e12) return minus(rounded.toExponential().replace(/(?<=[+-])\d$/, "0$&"));
    const [step, suffix] = STEPS.find(([least]) => size >= least) || [1, ""];
    return minus(size >= 1e3 && size < 1e6 ? rounded.toLocaleString("en") : threeDigits(rounded / step)) + suffix;
  };
  const threeDigits = (number) => {
    const decimals = 2 - Math.floor(Math.log10(Math.abs(number)));
    return amnok.fixed(number, Math.min(Math.max(decimals, 0), 6));
  };
  const minus = (text) => text.replace(/^-/, "−");
  amnok.signed = (number) => (number > 0 ? "+" : "") + amnok.compact(number);

  // Rows with their numbers as people read them, or with six digits.
  amnok.readable = (rows) => rows.map((row) => row.map((cell) => (typeof cell === "number" ? amnok.compact(cell) : cell)));
  amnok.exact = (rows) => rows.map((row) => row.map((cell) => (typeof cell === "number" ? amnok.significant(cell, 6) : cell)));

  amnok.date = (first, day) => new Date(Date.parse(first + "T00:00:00Z") + day * DAY);
  amnok.isoDate = (date) => date.toISOString().slice(0, 10);
  amnok.longDate = d3.utcFormat("%-d %B %Y");

  amnok.download = (name, type, text) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = amnok.html("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  // A cell of CSV; a leading = + - @ would be run by spreadsheets, numbers apart.
  const cell = (value) => {
    if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
    const text = /^[=+\-@\t]/.test(value) ? "'" + value : String(value);
    return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  amnok.csv = (rows) => rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";

  // A drawing on its own, of one or more layers: what the style sheet gives it is written into it.
  const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin",
    "stroke-linecap", "opacity", "fill-opacity", "font-size", "font-family", "font-weight",
    "text-anchor", "display"];
  // With `told`, {title, unit, source}: what stands around it on the page, above and below it.
  amnok.standalone = (layers, told = null) => {
    const [copy, ...others] = layers.map(styled);
    copy.append(...others.flatMap((other) => [...other.childNodes]));
    const { width, height } = layers[0].viewBox.baseVal;
    const [above, below] = told ? around(copy, told, width, height) : [0, 0];
    const whole = { y: -above, width, height: above + height + below };
    copy.prepend(amnok.svg("rect", { x: 0, ...whole, fill: getComputedStyle(document.body).backgroundColor }));
    for (const [name, value] of Object.entries({ xmlns: SVG, width, height: whole.height,
      viewBox: `0 ${-above} ${width} ${whole.height}` })) copy.setAttribute(name, value);
    return new XMLSerializer().serializeToString(copy);
  };

  const styled = (drawing) => {
    const copy = drawing.cloneNode(true);
    const originals = [drawing, ...drawing.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((element, n) => {
      const style = getComputedStyle(originals[n]);
      for (const name of STYLES) {
        const value = style.getPropertyValue(name);
        if (value) element.setAttribute(name, value);
      }
    });
    return copy;
  };

  // Title and unit above a drawing, its source below; the room that they take.
  const around = (copy, { title, unit, source }, width, height) => {
    const style = getComputedStyle(document.documentElement);
    const line = (text, y, size, weight, fill) => copy.append(amnok.svg("text", { x: 4, y, fill,
      "font-size": `${size}px`, "font-weight": weight, "font-family": "sans-serif" }, text));
    const [head, foot] = [lines(title, width / 8.6), lines(source, width / 5.6)];
    const above = 20 * head.length + 24;
    head.forEach((text, n) => line(text, 18 - above + 20 * n, 15, 600, style.getPropertyValue("--ink")));
    line(unit, -8, 12, 400, style.getPropertyValue("--soft"));
    foot.forEach((text, n) => line(text, height + 16 + 13 * n, 10, 400, style.getPropertyValue("--soft")));
    return [above, 13 * foot.length + 14];
  };
  const lines = (text, letters) => text.split(" ").reduce((done, word) => {
    const last = done.at(-1);
    return last != null && last.length + word.length < letters ? [...done.slice(0, -1), `${last} ${word}`] : [...done, word];
  }, []);
})();
