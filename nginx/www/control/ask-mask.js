// Paints the mask of an edit. What is painted becomes transparent: the API draws there.

import { button, h, openDialog, set } from "./parts.js";

const MOST_STEPS = 20;
/** The longest side of the canvas, in pixels. */
const LONGEST = 1024;
const COLOUR = "#7a6bff";

/** Shows the mask so far, and calls `take` with the new one. Either is null without paint. */
export async function openMask(file, before, take) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return take(null);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const size = { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) };
  const back = h("canvas", { ...size, "aria-hidden": "true" });
  back.getContext("2d").drawImage(picture, 0, 0, size.width, size.height);
  const canvas = h("canvas", { ...size, class: "paint", tabindex: "0", role: "img",
    "aria-label": "The mask. Paint with the mouse, or move the brush with the arrow keys and paint with the space bar." });
  const brush = h("input", { type: "range", id: "brush", min: 8, max: 200, value: 60 });
  const painting = new Painting(canvas, () => Number(brush.value));
  if (before) await painting.load(before);
  const use = async () => {
    take(await painting.mask(picture));
    dialog.close();
  };
  const dialog = openDialog("mask", "Paint what may change", {}, h("div.canvases", back, canvas),
    h("footer.row", h("label", { for: "brush" }, "Brush"), brush, button("Undo", () => painting.undo(), { icon: "undo" }),
      button("Clear", () => painting.clear()), h("span.space"), button("Use this mask", use, { class: "main" })));
  canvas.focus();
}

class Painting {
  #steps = [];
  /** Where the brush is. */
  #at;
  #isDown = false;

  constructor(canvas, thickness) {
    Object.assign(this, { canvas, thickness, context: canvas.getContext("2d", { willReadFrequently: true }) });
    this.#at = [canvas.width / 2, canvas.height / 2];
    const lift = () => (this.#isDown = false);
    set(canvas, {
      onpointerdown: (event) => {
        canvas.setPointerCapture(event.pointerId);
        this.#keep();
        this.#isDown = true;
        this.#move(this.#place(event), false);
        this.#move(this.#place(event), true);
      },
      onpointermove: (event) => this.#isDown && this.#move(this.#place(event), true),
      onpointerup: lift, onpointercancel: lift, onkeydown: (event) => this.#key(event),
    });
  }

  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((clientX - left) / width) * this.canvas.width, ((clientY - top) / height) * this.canvas.height];
  }

  #move([x, y], paints) {
    const { context } = this;
    if (paints) {
      Object.assign(context, { lineCap: "round", lineWidth: this.thickness(), strokeStyle: COLOUR });
      context.beginPath();
      context.moveTo(...this.#at);
      context.lineTo(x, y + 0.01);
      context.stroke();
    }
    this.#at = [x, y];
  }

  #key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], " ": [0, 0] }[event.key];
    if (!steps) return;
    event.preventDefault();
    const paints = event.key === " " || event.shiftKey;
    if (paints) this.#keep();
    const within = (value, most) => Math.min(most, Math.max(0, value));
    const [x, y] = steps.map((step, axis) => this.#at[axis] + (step * this.thickness()) / 2);
    this.#move([within(x, this.canvas.width), within(y, this.canvas.height)], paints);
  }

  #all = () => [0, 0, this.canvas.width, this.canvas.height];

  #keep() {
    this.#steps.push(this.context.getImageData(...this.#all()));
    if (this.#steps.length > MOST_STEPS) this.#steps.shift();
  }

  undo() {
    if (this.#steps.length) this.context.putImageData(this.#steps.pop(), 0, 0);
  }

  clear() {
    this.#keep();
    this.context.clearRect(...this.#all());
  }

  /** Paints what is transparent in a mask. */
  async load(mask) {
    this.context.drawImage(await createImageBitmap(mask), ...this.#all());
    fillAround(this.context, COLOUR);
  }

  /** The mask, as large as the picture; null without paint. */
  async mask({ width, height }) {
    const { data } = this.context.getImageData(...this.#all());
    if (!data.some((value, at) => at % 4 === 3 && value > 0)) return null;
    const canvas = h("canvas", { width, height });
    const context = canvas.getContext("2d");
    context.drawImage(this.canvas, 0, 0, width, height);
    fillAround(context, "#000");
    return new File([await new Promise((take) => canvas.toBlob(take))], "mask.png", { type: "image/png" });
  }
}

/** Fills what is transparent, and clears the rest. */
function fillAround(context, colour) {
  Object.assign(context, { globalCompositeOperation: "source-out", fillStyle: colour });
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.globalCompositeOperation = "source-over";
}
