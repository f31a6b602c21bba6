// Copies what is shown once. Without a script, or where browsers forbid it, people select it themselves.

const secret = document.querySelector("#secret");
const button = document.querySelector("#copy");
const state = document.querySelector("#copied");

function select() {
  const range = document.createRange();
  range.selectNodeContents(secret);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

button.hidden = false;
button.addEventListener("click", async () => {
  select();
  try {
    await navigator.clipboard.writeText(secret.textContent);
    state.textContent = "Copied.";
  } catch {
    // Only pages over HTTPS, or of this machine, may write to the clipboard.
    state.textContent = document.execCommand("copy") ? "Copied." : "Selected: copy it with Ctrl+C.";
  }
});
