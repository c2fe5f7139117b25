// Drawings that came with the page: each can be taken along as a table, as SVG or as a picture.
"use strict";

(() => {
  const { html } = amnok;
  const SCALE = 2; // of pictures, for screens with many points

  const textOf = (cell) => cell.textContent.trim();
  const rows = (table) => [...table.rows].map((row) => [...row.cells].map(textOf));
  const nameOf = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60).replace(/-+$/, "");

  const picture = (drawing, name) => {
    const text = amnok.standalone(drawing);
    const { width, height } = drawing.viewBox.baseVal;
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    const image = new Image(width * SCALE, height * SCALE);
    image.onload = () => {
      const canvas = html("canvas", { width: width * SCALE, height: height * SCALE });
      canvas.getContext("2d").drawImage(image, 0, 0, width * SCALE, height * SCALE);
      URL.revokeObjectURL(address);
      canvas.toBlob((blob) => amnok.download(`${name}.png`, "image/png", blob));
    };
    image.src = address;
  };

  // Adds buttons to every drawing below an element that has none yet.
  amnok.figures = (holder) => {
    for (const figure of holder.querySelectorAll("figure.key")) {
      const drawing = figure.querySelector("svg.drawn"), table = figure.querySelector("table");
      if (!drawing || figure.querySelector(".tools")) continue;
      const title = textOf(figure.querySelector("figcaption b")), name = nameOf(title);
      const button = (text, action) => html("button",
        { type: "button", "aria-label": `${text}: ${title}`, onclick: action }, text);
      drawing.after(html("p", { class: "tools" },
        table ? button("CSV", () => amnok.download(`${name}.csv`, "text/csv", amnok.csv(rows(table)))) : null,
        button("SVG", () => amnok.download(`${name}.svg`, "image/svg+xml", amnok.standalone(drawing))),
        button("PNG", () => picture(drawing, name))));
    }
  };
})();
