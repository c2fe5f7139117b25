// A report: the map with its days, and the charts of each arm, beside the base where there is one.
"use strict";

(() => {
  const { html } = amnok;
  const data = JSON.parse(document.getElementById("data").textContent);
  const base = data.base;

  const drawWhere = (holder) => {
    const orders = base.orders.filter((order) => order.day >= 0);
    let day = Math.min(orders.length ? orders.at(-1).day + 60 : 0, base.days - 1);
    let sector = null;
    const map = amnok.map(data.map, (name) => { sector = name; update(); });
    const timeline = amnok.timeline();
    const slider = html("input", { type: "range", id: "day", min: 0, max: base.days - 1, step: 1, value: day });
    const date = html("output", { for: "day" });
    holder.append(map.figure, timeline.holder, html("p", { class: "days-row" },
      html("label", { for: "day", class: "sr" }, "Day"), slider, date),
    html("div", { class: "events" }, amnok.events(base)));
    const update = () => {
      map.update(base, day, sector);
      timeline.update(base, day);
      date.textContent = amnok.longDate(amnok.date(base.first, day));
      slider.setAttribute("aria-valuetext", date.textContent);
    };
    slider.addEventListener("input", () => { day = +slider.value; update(); });
    update();
  };

  const drawCharts = (holder) => {
    const arm = data.others.find((one) => one.name === holder.dataset.arm);
    for (const chart of arm ? arm.charts : base.charts) {
      const one = amnok.chart();
      holder.append(one.figure);
      const before = arm ? base.charts.find((other) => other.name === chart.name) : null;
      const title = arm ? `${chart.title}: ${arm.label}` : chart.title;
      one.update({ ...chart, title }, { ...base, source: `${arm ? `With ${arm.label}. ` : ""}${base.source}`, orders: (arm || base).orders, day: null, pinned: before, pinnedLabel: "as it is",
        reports: !arm && chart.name === "seen" ? base.reports : [] });
    }
  };

  const where = document.getElementById("where");
  if (where) drawWhere(where);
  document.querySelectorAll(".charts").forEach(drawCharts);
  amnok.figures(document);
})();
