"use strict";
(() => {
  const doc = document, body = doc.body, $ = (s, r) => (r || doc).querySelector(s), all = (s, r) => [...(r || doc).querySelectorAll(s)];
  const csrf = body.dataset.csrf;
  doc.documentElement.classList.add("js");
  const live = $("#live");
  const say = (text) => { if (live) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 50); } };
  const post = (url) => fetch(url, { method: "POST", headers: { "X-CSRF-Token": csrf }, keepalive: true, credentials: "same-origin" });
  // An input method that composes owns the keyboard.
  const composing = (e) => e.isComposing || e.key === "Process" || e.keyCode === 229;
  const typing = (el) => !!el && (el.isContentEditable || el.tagName === "TEXTAREA" || el.tagName === "SELECT" ||
    (el.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(el.type)));

  // Focus goes to what is new: refusals, the banner of what was done, the open row.
  const fresh = $("#errors") || $("#banner");
  const panel = $("#panel");
  if (fresh && !$("[autofocus]")) fresh.focus();
  else if ($("#errors")) $("#errors").focus();
  else if (panel) $("#open-row").focus();

  // A page that comes back from the browser's cache shows nothing personal.
  addEventListener("pageshow", (e) => { if (e.persisted) { hide(false); if ($("#ask")) location.reload(); } });

  // The timed result.
  const timed = $("#timed");
  let ends = 0, tick = 0, extensions = 0, warned = false, gone = false;
  const hide = (tell) => {
    if (!timed || gone) return;
    gone = true;
    clearInterval(tick);
    const data = $("#data");
    if (data) data.remove();
    all(".clock > *", timed).forEach((el) => { if (!el.classList.contains("code")) el.remove(); });
    $("#gone").hidden = false;
    const again = $("#again");
    if (again) again.hidden = false;
    timed.classList.remove("soon");
    if (tell) { post(timed.dataset.record + "/hidden").catch(() => {}); if (doc.visibilityState === "visible") $("#gone").focus(); }
  };
  const extend = () => {
    if (!timed || gone || !extensions || !ends) return;
    extensions -= 1;
    ends = Date.now() + timed.dataset.seconds * 1000;
    warned = false;
    timed.classList.remove("soon");
    if (!extensions) { const b = $("#extend"); if (b) b.disabled = true; }
    show();
  };
  const show = () => {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left <= 0) return hide(true);
    $("#left").textContent = String(Math.floor(left / 60)).padStart(2, "0") + ":" + String(left % 60).padStart(2, "0");
    if (left <= timed.dataset.warn && !warned) { warned = true; timed.classList.add("soon"); say(timed.dataset.warning); }
  };
  if (timed) {
    // Reloading or going back must not ask again and must not show again.
    history.replaceState(null, "", timed.dataset.record);
    extensions = +timed.dataset.extensions;
    if (+timed.dataset.seconds > 0) { ends = Date.now() + timed.dataset.seconds * 1000; tick = setInterval(show, 250); show(); }
    $("#hide").addEventListener("submit", (e) => { e.preventDefault(); hide(true); });
    const button = $("#extend");
    if (button) button.addEventListener("click", extend);
    doc.addEventListener("visibilitychange", () => { if (doc.visibilityState === "hidden") hide(true); });
    let away = 0;
    addEventListener("blur", () => { away = setTimeout(() => hide(true), 20000); });
    addEventListener("focus", () => clearTimeout(away));
    addEventListener("pagehide", () => hide(!gone));
  }

  // The end of an idle session, with a warning before it.
  const idle = $("#idle");
  if (idle && body.dataset.idle) {
    let timer = 0;
    const arm = (seconds) => {
      clearTimeout(timer);
      timer = setTimeout(() => { idle.showModal(); $("#idle-stay").focus(); }, Math.max(seconds - body.dataset.warn, 1) * 1000);
    };
    arm(+body.dataset.idle);
    $("#idle-stay").addEventListener("click", () => {
      post("/session/extend").then((r) => { if (!r.ok) throw r; return r.json(); }).then((r) => { idle.close(); arm(r.idle); })
        .catch(() => { $("p", idle).textContent = $("#idle-stay").dataset.failed; });
    });
  }

  // Forms: a double click sends once; the case number goes with the lookup; Enter walks the fields.
  let sent = null;
  doc.addEventListener("submit", (e) => {
    const form = e.target;
    if (e.defaultPrevented || form.method !== "post") return;
    if (sent === form) return e.preventDefault();
    if (form.id === "ask") { $("#case-sent").value = $("#f-case").value; form.classList.add("sent"); }
    sent = form;
    const button = e.submitter;
    if (button && button.dataset.busy) { const began = Date.now(); setInterval(() => { button.textContent = button.dataset.busy + " " + Math.round((Date.now() - began) / 1000); }, 1000); }
    setTimeout(() => { sent = null; }, 8000);
  });
  const main = () => {
    const form = (doc.activeElement && doc.activeElement.closest("form[data-main],form[data-verdict]")) || $("form[data-verdict]") || $("form[data-main]");
    const button = form && $("button.main:not(:disabled)", form);
    if (button) button.click();
  };

  // Lists: one row is the current one.
  const rows = all("tr[data-row]");
  let at = rows.findIndex((r) => r.classList.contains("open"));
  const link = (row) => row && $("a", row);
  const walk = (step) => {
    if (!rows.length) return;
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows.forEach((r, i) => r.classList.toggle("at", i === at));
    const to = link(rows[at]);
    if (panel && to) to.click(); else if (to) to.focus();
  };
  rows.forEach((row) => row.addEventListener("click", (e) => {
    if (!e.target.closest("a,button,input,label") && !String(getSelection())) { const to = link(row); if (to) to.click(); }
  }));
  if (rows.length && !panel && !$("[autofocus]") && !fresh) walk(at < 0 ? 1 : 0);
  else if (rows.length && !panel && !$("[autofocus]")) at = Math.max(at, 0);

  // Groups of choices take digits.
  const choose = (group, digit) => {
    const radio = all("input[type=radio]", group)[digit - 1];
    if (!radio || radio.disabled) return false;
    radio.focus();
    radio.click();
    return true;
  };
  const verdict = (digit) => {
    const form = $("form[data-verdict]");
    const radio = form && all("input[name=verdict]", form)[digit - 1];
    if (!radio) return false;
    radio.click();
    radio.focus();
    if ("atOnce" in radio.dataset) $("button.main", form).click();
    else if (digit === 2) $("#f-reason_code").focus();
    else $("#f-note").focus();
    return true;
  };
  const other = $("#f-subject-text");
  if (other) other.addEventListener("input", () => { const radio = $("input[name=party][value='0']"); if (radio && other.value) radio.checked = true; });
  const count = $("[data-count]");
  if (count) {
    const text = count.textContent;
    doc.addEventListener("change", () => { count.textContent = text.replace(/[\d,]+/, all("input[name=rows]:checked").length); });
  }

  const keys = $("#keys");
  all("[data-close]").forEach((b) => b.addEventListener("click", () => b.closest("dialog").close()));
  const letters = {
    KeyN: () => go("/lookups/new"), KeyT: () => go("/todo"), KeyJ: () => walk(1), KeyK: () => walk(-1),
    KeyR: () => verdict(2), Slash: () => { const q = $("#q"); if (!q) return false; q.focus(); q.select(); },
  };
  const go = (href) => { const a = $(".nav a[href='" + href + "']"); if (!a) return false; a.click(); };

  doc.addEventListener("keydown", (e) => {
    if (composing(e)) return;
    const el = doc.activeElement, open = $("dialog[open]");
    const done = (acted) => { if (acted !== false) e.preventDefault(); };
    if (e.key === "Escape" && timed && !gone) { hide(true); return done(); }
    if (open) return;
    if (e.key === "Escape" && panel) return done(go("/countersign"));
    if (e.ctrlKey && e.key === "Enter") return done(main());
    if (e.altKey && e.code === "KeyN") { const next = $("[data-key='alt+n']"); if (next) { hide(true); next.click(); return done(); } }
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    if (e.key === "Enter" && typing(el) && el.closest("[data-enter-next]")) {
      const fields = all("input:not([type=hidden]):not(:disabled),button.main", el.form);
      const next = fields[fields.indexOf(el) + 1];
      if (next) next.focus();
      return done();
    }
    if (typing(el)) return;
    if (e.key === " " && timed && !gone && ends && el.tagName !== "BUTTON") return done(extend());
    if (/^Digit[1-9]$/.test(e.code) && !e.shiftKey) {
      const digit = +e.code.slice(5);
      if ($("form[data-verdict]")) return done(verdict(digit));
      const group = (el && el.closest("[data-digits]")) || $("[data-digits]");
      if (group) return done(choose(group, digit));
    }
    if (e.key === "?" && keys) { keys.showModal(); return done(); }
    if (e.key === "ArrowDown" && el.closest && el.closest("tr[data-row]")) return done(walk(1));
    if (e.key === "ArrowUp" && el.closest && el.closest("tr[data-row]")) return done(walk(-1));
    const act = !e.shiftKey && letters[e.code];
    if (act) done(act());
  });
})();
