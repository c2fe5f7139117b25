// What every chart can be taken along as: a table for programs, a drawing, a picture, a citation.
"use strict";

(() => {
  const { html } = amnok;
  const SCALE = 2; // of pictures, for screens with many points

  const textOf = (element) => element.textContent.trim().replace(/\s+/g, " ");
  const nameOf = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60).replace(/-+$/, "");

  const picture = (text, name) => {
    const { width, height } = new DOMParser().parseFromString(text, "image/svg+xml").documentElement.viewBox.baseVal;
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

  // Buttons for a chart: {title, name, csv, drawing, told}; the last three are asked when it is time.
  // `csv()` is text, `drawing()` SVG elements that lie on each other, `told()` what stands around it.
  amnok.tools = ({ title, name, csv, drawing, told }) => {
    const button = (text, action) => html("button",
      { type: "button", "aria-label": `${text}: ${title}`, onclick: action }, text);
    const alone = () => amnok.standalone(drawing(), told());
    return [
      button("CSV", () => amnok.download(`${name}.csv`, "text/csv", csv())),
      button("SVG", () => amnok.download(`${name}.svg`, "image/svg+xml", alone())),
      button("PNG", () => picture(alone(), name)),
    ];
  };

  // How a chart is cited, folded: `source` says whose numbers these are, `behind` what they rest on.
  amnok.citation = (title, source, behind) => copied(html("details", { class: "cite" }, html("summary", {}, "Cite"),
    html("p", {}, `“${title}” `, html("span", { class: "source" }, source), ` ${behind}`)));
  const copied = (details) => {
    const text = details.querySelector("p");
    details.append(html("button", { type: "button", onclick: async ({ target }) => {
      try {
        await navigator.clipboard.writeText(textOf(text));
        target.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(text); // for the keys that copy
      }
    } }, "Copy"));
    return details;
  };

  // Adds the buttons to every drawing below an element that has none yet.
  amnok.figures = (holder) => {
    for (const figure of holder.querySelectorAll("figure.key")) {
      const drawing = figure.querySelector("svg.drawn");
      if (!drawing || figure.querySelector(".tools")) continue;
      const [title, unit] = ["figcaption b", "figcaption small:last-child"].map((one) => textOf(figure.querySelector(one)));
      const cite = figure.querySelector(".cite");
      if (cite) copied(cite);
      drawing.after(html("p", { class: "tools" }, amnok.tools({ title, name: nameOf(title), drawing: () => [drawing],
        csv: () => figure.querySelector("[data-csv]").dataset.csv,
        told: () => ({ title, unit, source: cite ? textOf(cite.querySelector(".source")) : "" }) })));
    }
  };
})();
