// Goes from page to page of the library without leaving the page, so that music plays on. Other links, and whatever goes
// wrong, are left to the browser.

const section = "/library";
const kept = "#player";

const isOurs = (url) => url.origin === location.origin && (url.pathname + "/").startsWith(section + "/");
let latest = 0;

// The page that an address answers; null where it is none of these.
async function fetched(url, options) {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  const type = answer.headers.get("content-type") ?? "";
  if (!isOurs(new URL(answer.url)) || !type.startsWith("text/html")) return null;
  return { url: answer.url, isElsewhere: answer.redirected, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

const whose = (page) => page.querySelector(kept)?.dataset.account;

// Everything but the player is put in place of what is there.
function show(page) {
  const player = document.querySelector(kept);
  page.querySelector(kept)?.remove();
  document.title = page.title;
  const csrf = (from) => from.querySelector("meta[name=csrf]");
  if (csrf(page) && csrf(document)) csrf(document).content = csrf(page).content;
  for (const child of [...document.body.children]) if (child !== player) child.remove();
  player.before(...document.adoptNode(page.body).children);
  // Who reads with a keyboard or a voice is where the new page begins.
  const main = document.querySelector("main");
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
  document.dispatchEvent(new Event("visited"));
}

async function visit(url, { method = "GET", body, isBack = false } = {}) {
  const mine = ++latest;
  let found = null;
  try {
    found = await fetched(url, { method, body });
  } catch { /* the browser says better what is wrong */ }
  if (mine !== latest) return;
  // What was sent is not sent twice: only its answer is asked for again.
  if (!found) return location.assign(method === "GET" ? url : location.href);
  // Somebody else signed in, in another tab: what plays here is not theirs.
  if ((whose(found.page) ?? whose(document)) !== whose(document)) return location.assign(found.url);
  // What refused a form has an address that nobody can ask for.
  const hasAddress = method === "GET" || found.isElsewhere;
  if (!isBack && hasAddress && found.url !== location.href) history.pushState(null, "", found.url);
  show(found.page);
  if (!isBack && method === "GET") scrollTo(0, 0);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || link.target || link.hasAttribute("download")) return;
  // Another tab, a download: as with every link.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (!isOurs(url) || (url.hash && url.pathname === location.pathname && url.search === location.search)) return;
  event.preventDefault();
  visit(url.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const action = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const url = new URL(action, location.href);
  if (event.defaultPrevented || !isOurs(url)) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  if (form.method === "post") return visit(url.href, { method: "POST", body: fields });
  url.search = fields.toString();
  visit(url.href);
});

addEventListener("popstate", () => isOurs(new URL(location.href)) ? visit(location.href, { isBack: true }) : location.reload());
