"use strict";
// Everything on a page works without this file, except the countdown. It adds the keyboard, hides
// the timed result, and warns before a session ends. It stores nothing in the browser.
const $ = (selector, root) => (root || document).querySelector(selector);
const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
const data = document.body.dataset;
const timed = $("#timed"), panel = $("#panel"), rows = all("tr[data-row]");
const fresh = $("#errors") || $("#banner"), wanted = $("[autofocus]");
let ends = 0, tick = 0, extensions = 0, warned = false, gone = false, at = -1, sent = null;

function say(text) {
  const live = $("#live");
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 50);
}

function post(url) {
  const headers = { "X-CSRF-Token": data.csrf };
  return fetch(url, { method: "POST", headers, keepalive: true, credentials: "same-origin" });
}

// An input method that composes owns the keyboard.
function composing(event) {
  return event.isComposing || event.key === "Process" || event.keyCode === 229;
}

function typing(element) {
  if (!element) return false;
  const choice = /^(radio|checkbox|submit|button)$/.test(element.type);
  return /^(TEXTAREA|SELECT)$/.test(element.tagName) || (element.tagName === "INPUT" && !choice);
}

// The timed result. Hiding needs no network: the nodes go first, the server is told afterwards.
function hide(tell) {
  if (!timed || gone) return;
  gone = true;
  clearInterval(tick);
  $("#data").remove();
  all(".clock > :not(.code)", timed).forEach((element) => element.remove());
  timed.classList.remove("soon");
  $("#gone").hidden = false;
  if ($("#again")) $("#again").hidden = false;
  if (!tell) return;
  post(timed.dataset.record + "/hidden").catch(() => {});
  if (document.visibilityState === "visible") $("#gone").focus();
}

function restart() {
  ends = Date.now() + timed.dataset.seconds * 1000;
  warned = false;
  timed.classList.remove("soon");
  countdown();
}

function extend() {
  if (gone || !extensions || !ends) return;
  extensions -= 1;
  if (!extensions) $("#extend").disabled = true;
  restart();
}

function countdown() {
  const left = Math.ceil((ends - Date.now()) / 1000);
  if (left <= 0) return hide(true);
  const two = (number) => String(number).padStart(2, "0");
  $("#left").textContent = two(Math.floor(left / 60)) + ":" + two(left % 60);
  if (left > timed.dataset.warn || warned) return;
  warned = true;
  timed.classList.add("soon");
  say(timed.dataset.warning);
}

function watchResult() {
  // Reloading or going back must neither ask again nor show again.
  history.replaceState(null, "", timed.dataset.record);
  extensions = Number(timed.dataset.extensions);
  if (Number(timed.dataset.seconds) > 0) {
    restart();
    tick = setInterval(countdown, 250);
  }
  $("#hide").addEventListener("submit", (event) => { event.preventDefault(); hide(true); });
  if ($("#extend")) $("#extend").addEventListener("click", extend);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hide(true);
  });
  let away = 0;
  addEventListener("blur", () => { away = setTimeout(() => hide(true), 20000); });
  addEventListener("focus", () => clearTimeout(away));
  addEventListener("pagehide", () => hide(true));
}

// The end of an idle session, with a warning before it.
function watchIdle(seconds) {
  const dialog = $("#idle"), stay = $("#idle-stay");
  let timer = 0;
  const arm = (left) => {
    clearTimeout(timer);
    timer = setTimeout(() => { dialog.showModal(); stay.focus(); }, Math.max(left - data.warn, 1) * 1000);
  };
  arm(seconds);
  stay.addEventListener("click", () => {
    post("/session/extend")
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
      .then((answer) => { dialog.close(); arm(answer.idle); })
      .catch(() => { $("p", dialog).textContent = stay.dataset.failed; });
  });
}

// Forms: a double click sends once, and the case number goes with the lookup.
function submitted(event) {
  const form = event.target, button = event.submitter;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent === form) return event.preventDefault();
  if (form.id === "ask") $("#case-sent").value = $("#f-case").value;
  sent = form;
  setTimeout(() => { sent = null; }, 8000);
  if (!button || !button.dataset.busy) return;
  const began = Date.now(), passed = () => Math.round((Date.now() - began) / 1000);
  setInterval(() => { button.textContent = button.dataset.busy + " " + passed(); }, 1000);
}

function mainAction() {
  const here = document.activeElement && document.activeElement.closest("form[data-main],form[data-verdict]");
  const form = here || $("form[data-verdict]") || $("form[data-main]");
  const button = form && $("button.main:not(:disabled)", form);
  if (button) button.click();
}

function nextField(element) {
  const fields = all("input:not([type=hidden]):not(:disabled),button.main", element.form);
  const next = fields[fields.indexOf(element) + 1];
  if (next) next.focus();
}

// Lists: one row is the current one; while a row is open, walking opens the next.
function walk(step) {
  if (!rows.length) return false;
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows.forEach((row, place) => row.classList.toggle("at", place === at));
  const link = $("a", rows[at]);
  if (link && panel) link.click();
  else if (link) link.focus();
  return true;
}

function rowClicked(event) {
  if (event.target.closest("a,button,input,label") || String(getSelection())) return;
  const link = $("a", event.currentTarget);
  if (link) link.click();
}

function choose(group, digit) {
  const radio = all("input[type=radio]", group)[digit - 1];
  if (!radio || radio.disabled) return false;
  radio.focus();
  radio.click();
  return true;
}

function verdict(digit) {
  const form = $("form[data-verdict]"), radio = form && all("input[name=verdict]", form)[digit - 1];
  if (!radio) return false;
  radio.click();
  radio.focus();
  if ("atOnce" in radio.dataset) $("button.main", form).click();
  else $(digit === 2 ? "#f-reason_code" : "#f-note").focus();
  return true;
}

function digits(event) {
  const digit = Number(event.code.slice(5));
  if ($("form[data-verdict]")) return verdict(digit);
  const group = document.activeElement.closest("[data-digits]") || $("[data-digits]");
  return group ? choose(group, digit) : false;
}

function go(href) {
  const link = $(".nav a[href='" + href + "']");
  if (link) link.click();
  return Boolean(link);
}

function search() {
  const field = $("#q");
  if (field) { field.focus(); field.select(); }
  return Boolean(field);
}

function nextPerson() {
  const next = $("[data-key='alt+n']");
  if (next) { hide(true); next.click(); }
  return Boolean(next);
}

// Single letters go by the key's place, so that a Zhuyin layout does not matter.
const LETTERS = {
  KeyN: () => go("/lookups/new"), KeyT: () => go("/todo"), KeyJ: () => walk(1), KeyK: () => walk(-1),
  KeyR: () => verdict(2), Slash: search,
};

function plainKey(event) {
  const here = document.activeElement;
  if (event.key === " " && timed && here.tagName !== "BUTTON") { extend(); return true; }
  if (/^Digit[1-9]$/.test(event.code) && !event.shiftKey) return digits(event);
  if (event.key === "?") { $("#keys").showModal(); return true; }
  if (event.key === "ArrowDown" && here.closest("tr[data-row]")) return walk(1);
  if (event.key === "ArrowUp" && here.closest("tr[data-row]")) return walk(-1);
  const act = !event.shiftKey && LETTERS[event.code];
  return act ? act() : false;
}

// Whether the key was taken.
function pressed(event) {
  const here = document.activeElement;
  if (event.key === "Escape" && timed && !gone) { hide(true); return true; }
  if ($("dialog[open]")) return false;
  if (event.key === "Escape" && panel) return go("/countersign");
  if (event.ctrlKey && event.key === "Enter") { mainAction(); return true; }
  if (event.altKey && event.code === "KeyN") return nextPerson();
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (!typing(here)) return data.csrf ? plainKey(event) : false;
  if (event.key !== "Enter" || !here.closest("[data-enter-next]")) return false;
  nextField(here);
  return true;
}

function watchSelection(count) {
  const text = count.textContent;
  document.addEventListener("change", () => {
    count.textContent = text.replace(/[\d,]+/, all("input[name=rows]:checked").length);
  });
}

function watchOther(field) {
  const radio = $("input[name=party][value='0']");
  field.addEventListener("input", () => { if (radio && field.value) radio.checked = true; });
}

// A field that hangs on what is chosen elsewhere comes and goes with it. The server decides when it is sent.
function holds(when) {
  if (when.all) return when.all.every(holds);
  if (when.any) return when.any.some(holds);
  if (when.not) return !holds(when.not);
  if (!when.chosen) return when.holds;
  const chosen = all("[name='v." + when.chosen[0] + "']:checked");
  return chosen.some((one) => !one.closest("[data-when][hidden]") && when.chosen[1].includes(one.value));
}

function watchHinges(fields) {
  const settle = () => fields.forEach(() => {
    fields.forEach((field) => { field.hidden = !holds(JSON.parse(field.dataset.when)); });
  });
  document.addEventListener("change", settle);
  settle();
}

// A file is sent as its bytes, so that the server sees its encoding.
function watchFile(field) {
  field.addEventListener("change", async () => {
    const bytes = field.files.length ? new Uint8Array(await field.files[0].arrayBuffer()) : [];
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    $("#" + field.dataset.bytes).value = btoa(text);
  });
}

// A link to an enrolment carries its code behind the hash, which goes to no server and into no log.
function takeCode(field) {
  const code = location.hash.slice(1);
  if (!/^[0-9A-Za-z-]{16,40}$/.test(code)) return;
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}

// The demands that a password can be held against here are ticked while it is typed.
function watchPassword(field) {
  const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\p{N}/u, /[^\p{Lu}\p{Ll}\p{N}]/u];
  const met = {
    length: (text, n) => [...text].length >= n,
    classes: (text, n) => kinds.filter((kind) => kind.test(text)).length >= n,
  };
  field.addEventListener("input", () => {
    all("[data-demand]").forEach((line) => {
      const test = met[line.dataset.demand];
      if (test) line.classList.toggle("met", test(field.value, Number(line.dataset.n)));
    });
  });
}

// Focus goes to what is new: refusals, the banner of what was done, the open row, the first row.
function placeFocus() {
  at = rows.findIndex((row) => row.classList.contains("open"));
  if ($("#errors") || (fresh && !wanted)) fresh.focus();
  else if (panel) $("#open-row").focus();
  else if (!wanted) walk(1);
}

document.documentElement.classList.add("js");
placeFocus();
if (timed) watchResult();
if (data.idle) watchIdle(Number(data.idle));
if ($("[data-when]")) watchHinges(all("[data-when]"));
if ($("[data-count]")) watchSelection($("[data-count]"));
if ($("#f-subject-text")) watchOther($("#f-subject-text"));
if ($("[data-from-hash]")) takeCode($("[data-from-hash]"));
if ($("[data-demand]")) watchPassword($("#f-password"));
all("[data-link]").forEach((link) => { link.textContent = location.origin + link.dataset.link; });
rows.forEach((row) => row.addEventListener("click", rowClicked));
all("[data-bytes]").forEach(watchFile);
all("[data-close]").forEach((button) => {
  button.addEventListener("click", () => button.closest("dialog").close());
});
document.addEventListener("submit", submitted);
document.addEventListener("keydown", (event) => {
  if (!composing(event) && pressed(event)) event.preventDefault();
});
// A page that comes back from the browser's own cache shows nothing personal.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  hide(false);
  if ($("#ask")) location.reload();
});
