/* What a script adds to pages that already work without one. */
"use strict";

/* An open menu closes when the person turns elsewhere. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const row = event.target.closest("tr[data-href]");
  const ownTarget = event.target.closest("a, button, input, label, select, summary");
  if (row && !ownTarget && !getSelection().toString()) location.assign(row.dataset.href);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const summary = document.activeElement?.closest("details.menu[open]")?.querySelector("summary");
  closeMenus(null);
  summary?.focus();
});

/* A question before the form leaves; without a script its page of confirmation asks. */
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (!question || confirm(question)) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

/* A form with data-once cannot be sent a second time until the page comes back. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-once]")) return;
  setTimeout(() => {
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
    event.submitter?.setAttribute("aria-busy", "true");
  });
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    for (const other of button.form?.querySelectorAll("button[type=submit]") ?? [button]) other.disabled = false;
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-autosubmit]")) event.target.form.requestSubmit();
});

/* Draws a timeline from the table that stands below it. */
function drawTimeline(plot) {
  const table = plot.parentElement.querySelector("table");
  const rows = [...table.querySelectorAll("tr[data-time]")];
  const [dateLabel, ...names] = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const style = getComputedStyle(plot);
  const token = (name) => style.getPropertyValue(name);
  const colours = ["--orion-accent", "--orion-success", "--orion-warning", "--orion-danger"].map(token);
  const language = document.documentElement.lang;
  const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const numbers = new Intl.NumberFormat(language);
  const asDay = (seconds) => days.format(seconds * 1000);
  const shown = (format) => (_, value) => (value === null ? "" : format(value));

  const lines = names.map((label, index) => ({
    label, stroke: colours[index % colours.length], width: 2, points: { show: false }, value: shown(numbers.format),
  }));
  const axis = {
    stroke: token("--orion-muted"), font: `12px ${style.fontFamily}`,
    grid: { stroke: token("--orion-line"), width: 1 }, ticks: { show: false },
  };
  const axes = [
    { ...axis, size: 36, space: 64, values: (_, values) => values.map(asDay) },
    { ...axis, size: 56, values: (_, values) => values.map(numbers.format) },
  ];
  const size = () => ({ width: plot.clientWidth, height: 240 });
  const data = [rows.map(readTime), ...names.map((_, index) => rows.map((row) => Number(row.cells[index + 1].textContent)))];
  const tzDate = (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC");
  const series = [{ label: dateLabel, value: shown(asDay) }, ...lines];
  const chart = new uPlot({ ...size(), tzDate, series, axes }, data, plot);
  new ResizeObserver(() => chart.setSize(size())).observe(plot);
}

/* Seconds of a row, drawn as they were written, whatever the time zone of this computer. */
function readTime(row) {
  const time = row.dataset.time;
  return Date.parse(time.length > 10 ? `${time.slice(0, 19)}Z` : time) / 1000;
}

document.addEventListener("DOMContentLoaded", () => {
  if (!globalThis.uPlot) return;
  for (const plot of document.querySelectorAll("[data-timeline]")) drawTimeline(plot);
});
