// What is drawn on, and how does it become a JPEG? Safari before 16.4 has no canvas apart from the page.

export function blank(width, height) {
  if ("OffscreenCanvas" in window) return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

export function jpegOf(canvas, quality) {
  const type = "image/jpeg";
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type, quality });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no JPEG came of a canvas")) : resolve(blob)), type, quality);
  });
}
