"use strict";
(() => {
  const explorer = document.getElementById("explorer");
  const data = JSON.parse(document.getElementById("points").textContent);
  const levers = [...explorer.querySelectorAll("input[type=range]")];
  const mark = document.getElementById("mark");
  const show = () => {
    let index = 0;
    levers.forEach((lever, place) => {
      const text = JSON.parse(lever.dataset.values)[lever.value];
      index = index * data.sizes[place] + Number(lever.value);
      lever.setAttribute("aria-valuetext", text);
      document.getElementById(lever.id + "-value").textContent = text;
    });
    const point = data.points[index];
    for (const part of explorer.querySelectorAll("[data-say]")) {
      part.textContent = point.say[part.dataset.say];
    }
    for (const cell of explorer.querySelectorAll("[data-cell]")) {
      const [mean, ends] = point.cells[cell.dataset.cell];
      const strong = document.createElement("b");
      strong.textContent = mean;
      const span = document.createElement("span");
      span.className = "ci";
      span.textContent = ends;
      cell.replaceChildren(strong, " ", span);
    }
    mark.setAttribute("visibility", point.at ? "visible" : "hidden");
    if (point.at) {
      const [x, y, low, high] = point.at;
      mark.setAttribute("transform", `translate(${x} ${y})`);
      mark.querySelector("line").setAttribute("y1", low - y);
      mark.querySelector("line").setAttribute("y2", high - y);
    }
  };
  levers.forEach((lever) => lever.addEventListener("input", show));
  explorer.hidden = false;
  show();
})();
