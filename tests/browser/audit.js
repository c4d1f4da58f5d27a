// What can be measured of a page without asking anybody: contrast of its text (WCAG 2.2, 1.4.3), names of what can be
// used, alt texts, and what of it the Tab key has not reached since the page took note of that. Evaluated in the page;
// each of {contrast, unnamed, pictures, unreached} lists what is at fault.
() => {
  const parse = (text) => {
    const numbers = (text.match(/-?[\d.]+(e-?\d+)?%?/g) || []).map(parseFloat)
    if (text.startsWith("rgb")) return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1]
    if (text.startsWith("color(srgb")) return [...numbers.slice(0, 3).map((part) => part * 255), numbers[3] ?? 1]
    throw new Error(`a colour must be rgb or srgb, got ${text}`)
  }
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, place) => part * a + ground[place] * (1 - a))
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (one, two) => {
    const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  const parent = (element) => element.parentElement || element.getRootNode().host || null
  const ancestry = (element) => {
    const found = []
    for (let one = element; one; one = parent(one)) found.unshift(one)
    return found
  }
  const hidden = (element) => Boolean(element.closest("[aria-hidden=true], [inert]"))
  const seen = (element) => {
    const box = element.getBoundingClientRect()
    return (
      box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    )
  }
  // The ground is what the ancestors paint, from the outermost in; the opacity of each fades text and ground alike.
  // One that the text stands beside paints none of it (a slider's value and its thumb), unless it was scrolled away.
  const measured = (element, colour) => {
    const box = element.getBoundingClientRect()
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
    const painting = []
    let isScrolled = false
    for (const one of ancestry(element).reverse()) {
      const { left, right, top, bottom } = one.getBoundingClientRect()
      const isAround = left <= x && x <= right && top <= y && y <= bottom
      painting.unshift([getComputedStyle(one), isScrolled || isAround])
      isScrolled ||= one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY !== "visible"
    }
    let ground = [255, 255, 255]
    let opacity = 1
    for (const [style, isGround] of painting) {
      opacity *= parseFloat(style.opacity)
      const [r, g, b, a] = parse(style.backgroundColor)
      if (isGround) ground = over([r, g, b, a * opacity], ground)
    }
    const [r, g, b, a] = parse(colour)
    return ratio(over([r, g, b, a * opacity], ground), ground)
  }
  const inactive = (element) =>
    Boolean(element.closest(":disabled, [aria-disabled=true], [disabled]")) ||
    Boolean(element.closest("label")?.control?.disabled)

  const contrast = []
  const told = (element, text, colour, kind) => {
    const style = getComputedStyle(element)
    const size = parseFloat(style.fontSize)
    const icon = /material/i.test(style.fontFamily)
    const isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700)
    const needed = isLarge || icon ? 3 : 4.5
    const found = measured(element, colour)
    if (found < needed) {
      const where = ancestry(element).map((one) => one.getAttribute?.("data-testid")).filter(Boolean).slice(-1)[0] || ""
      contrast.push({ text: text.slice(0, 40), ratio: Math.round(found * 100) / 100, needed, colour, kind, where })
    }
  }
  for (const element of document.querySelectorAll("body *")) {
    if (hidden(element) || !seen(element) || inactive(element) || /^(script|style|noscript)$/i.test(element.tagName)) continue
    const style = getComputedStyle(element)
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("")
    if (element.matches("input, textarea")) {
      if (["checkbox", "radio", "file", "range"].includes(element.type)) continue
      if (element.value) told(element, element.value, style.color, "value")
      else if (element.placeholder) told(element, element.placeholder, getComputedStyle(element, "::placeholder").color, "placeholder")
    } else if (own.trim()) {
      // Text of a chart is painted by its fill. On a cell or a bar its ground is no element's background.
      const drawn = element instanceof SVGElement
      if (!drawn || !element.closest(".plot, .annotation")) told(element, own.trim(), drawn ? style.fill : style.color, drawn ? "chart" : "text")
    }
  }

  const textOf = (id) => document.getElementById(id)?.textContent.trim() || ""
  const name = (element) =>
    (element.getAttribute("aria-labelledby") || "").split(/\s+/).map(textOf).join(" ").trim() ||
    (element.getAttribute("aria-label") || "").trim() ||
    [...(element.labels || [])].map((label) => label.textContent).join(" ").trim() ||
    (element.matches("input, textarea, select") ? "" : element.textContent.trim()) ||
    [...element.querySelectorAll("img[alt], [aria-label]")].map((one) => one.alt || one.getAttribute("aria-label")).join(" ").trim() ||
    (element.getAttribute("title") || "").trim()
  const outline = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160)
  const USABLE =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, " +
    ["button", "link", "tab", "checkbox", "radio", "switch", "slider", "combobox", "textbox", "spinbutton", "menuitem"]
      .map((role) => `[role=${role}]`).join(", ")
  const usable = [...document.querySelectorAll(USABLE)].filter((one) => !hidden(one))
  const unnamed = usable.filter((one) => (seen(one) || one.type === "file") && !name(one)).map(outline)
  const pictures = [...document.querySelectorAll("img, canvas, [role=img]")]
    .filter((one) => seen(one) && !hidden(one) && !one.matches("[role=presentation], [role=none]"))
    .filter((one) => (one.tagName === "IMG" ? !one.hasAttribute("alt") : one.tagName === "CANVAS" ? !one.closest("[aria-label], [role=img]") && !one.textContent.trim() : !name(one)))
    .map(outline)
  // Of radios and tabs the key reaches one of the group, and the arrow keys the others.
  const reached = (element) => {
    const group = element.closest("[role=radiogroup], [role=tablist]") || element
    return [...(window.reached || [])].some((one) => group.contains(one) || one.contains(element))
  }
  // A list's arrow is left out by design (WAI-ARIA, combobox): its field is reached, and opens it by the arrow keys.
  const unreached = usable
    .filter((one) => seen(one) && !inactive(one) && !reached(one) && !one.matches("[aria-haspopup=listbox][tabindex='-1']"))
    .map(outline)
  return { contrast, unnamed, pictures, unreached }
}
