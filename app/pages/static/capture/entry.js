// Is anybody still before a kiosk's entrance? Its code lives on after whoever walked off: it is not left to the next in the queue.

import { watched } from "./idle.js";

const { over } = document.querySelector("[data-over]").dataset;

/** In place of this page: nobody comes back to the code. */
const leave = () => location.replace(over);

document.querySelector("[data-leave]").addEventListener("click", leave);
watched(() => {}, leave);
