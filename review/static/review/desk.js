// Keys for the question page. Everything they do has a link, button or field that works without this file.
"use strict";

function typing(target) {
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(target.type));
}

function useKey(element) {
  if (element.tagName === "TEXTAREA") {
    element.focus();
    element.scrollIntoView({ block: "center" });
  } else if (element.type === "checkbox") {
    element.click();
    const reason = element.closest(".reject").querySelector("input:not([type=checkbox])");
    if (element.checked) reason.focus();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (typing(event.target)) return;
  if (/^[1-4]$/.test(event.key)) {
    const value = ["yes", "partial", "no", "not_found"][Number(event.key) - 1];
    const choice = document.querySelector(`#decide input[name=answer][value=${value}]`);
    if (choice) { choice.checked = true; choice.focus(); event.preventDefault(); }
    return;
  }
  if (!/^[a-z]$/.test(event.key)) return;
  const element = document.querySelector(`[data-key="${event.key}"]`);
  if (element) { event.preventDefault(); useKey(element); }
});

window.addEventListener("DOMContentLoaded", () => {
  const fault = document.getElementById("fault");
  if (fault) fault.focus();
});
