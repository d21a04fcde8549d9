/** A signature drawn with a finger, a pen or a mouse, beside the typed name, which is enough without it. */

const INK = "#1c2430";
const PAPER = "#ffffff";
/** Width of the line, in points of the canvas. */
const WIDTH = 3;

/** @typedef {{canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D, input: HTMLInputElement, clear: HTMLButtonElement}} Pad */

/** @param {ParentNode} root */
export function watchSignatures(root) {
  for (const found of root.querySelectorAll("[data-sign]")) {
    const place = /** @type {HTMLElement} */ (found);
    const canvas = place.querySelector("canvas");
    const pen = canvas?.getContext("2d");
    const input = place.querySelector("input");
    const clear = /** @type {HTMLButtonElement | null} */ (place.querySelector("[data-sign-clear]"));
    if (!canvas || !pen || !input || !clear) continue;
    place.hidden = false;
    watch({ canvas, pen, input, clear });
  }
}

/** @param {Pad} pad */
function watch(pad) {
  wipe(pad);
  if (pad.input.value) show(pad, pad.input.value);
  pad.clear.addEventListener("click", () => {
    pad.input.value = "";
    wipe(pad);
    // the button goes away, so what has the focus next is the name
    const name = pad.canvas.closest(".field")?.querySelector("input.input");
    if (name instanceof HTMLElement) name.focus();
  });
  let drawing = false;
  pad.canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    drawing = true;
    pad.canvas.setPointerCapture(event.pointerId);
    begin(pad, event);
  });
  pad.canvas.addEventListener("pointermove", (event) => {
    if (drawing && event.isPrimary) for (const one of steps(event)) line(pad, one);
  });
  for (const over of ["pointerup", "pointercancel"]) {
    pad.canvas.addEventListener(over, () => {
      if (drawing) keep(pad);
      drawing = false;
    });
  }
}

/** @param {PointerEvent} event */
function steps(event) {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length ? all : [event];
}

/**
 * @param {Pad} pad
 * @param {PointerEvent} event
 * @returns {[number, number]} the place on the canvas, however large it is drawn
 */
function place({ canvas }, event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
}

/**
 * @param {Pad} pad
 * @param {PointerEvent} event
 */
function begin(pad, event) {
  pad.pen.beginPath();
  pad.pen.moveTo(...place(pad, event));
  line(pad, event); // a dot, when nothing follows
}

/**
 * @param {Pad} pad
 * @param {PointerEvent} event
 */
function line(pad, event) {
  const to = place(pad, event);
  pad.pen.lineTo(...to);
  pad.pen.stroke();
  // each piece is drawn once: the whole line again and again would grow thick and slow
  pad.pen.beginPath();
  pad.pen.moveTo(...to);
}

/** @param {Pad} pad */
function keep(pad) {
  pad.input.value = pad.canvas.toDataURL("image/png");
  pad.clear.hidden = false;
}

/** @param {Pad} pad */
function wipe(pad) {
  pad.pen.fillStyle = PAPER;
  pad.pen.fillRect(0, 0, pad.canvas.width, pad.canvas.height);
  Object.assign(pad.pen, { strokeStyle: INK, lineWidth: WIDTH, lineCap: "round", lineJoin: "round" });
  pad.clear.hidden = true;
}

/**
 * What was drawn before a page came back with mistakes.
 * @param {Pad} pad
 * @param {string} address
 */
function show(pad, address) {
  const image = new Image();
  image.onload = () => pad.pen.drawImage(image, 0, 0);
  image.src = address;
  pad.clear.hidden = false;
}
