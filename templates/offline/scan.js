/* QR codes in pictures: the browser's own reader where it has one, else zxing-cpp. */

export const MAX_FILE_BYTES = 25_000_000;

const MAX_SIDE = 4096;
const SMALLER = 1600;
const FRAME_MS = 120;

let reading = null;

/** Return the text of the QR that is ours if one is, else of any, else null. */
export async function readPicture(picture, prefix) {
  const texts = await (reading ??= await chooseReader())(picture);
  return texts.find((text) => text.startsWith(prefix)) ?? texts[0] ?? null;
}

/** Read a photo, also a large one. Throws when it is no picture. */
export async function readPhoto(file, prefix) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    const side = Math.max(picture.width, picture.height);
    for (const most of side > SMALLER ? [MAX_SIDE, SMALLER] : [MAX_SIDE]) {
      const text = await readPicture(shrunk(picture, most), prefix);
      if (text !== null) return text;
    }
    return null;
  } finally {
    picture.close();
  }
}

/** Watch a video until a QR is read or `signal` says stop; return its text or null. */
export async function watch(video, prefix, signal) {
  while (!signal.aborted) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const text = await readPicture(shrunk(video, MAX_SIDE), prefix);
      if (text !== null) return text;
    }
    await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
  }
  return null;
}

function shrunk(source, most) {
  const width = source.videoWidth ?? source.width;
  const height = source.videoHeight ?? source.height;
  const scale = Math.min(1, most / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function chooseReader() {
  if (await hasOwnReader()) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (canvas) => (await detector.detect(canvas)).map((found) => found.rawValue);
  }
  const { prepareZXingModule, readBarcodes } = await import('./vendor/zxing/reader/index.js');
  const wasm = new URL('./vendor/zxing/zxing_reader.wasm', import.meta.url).href;
  prepareZXingModule({ overrides: { locateFile: () => wasm } });
  const options = { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 4 };
  return async (canvas) => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return (await readBarcodes(pixels, options)).map((found) => found.text);
  };
}

async function hasOwnReader() {
  if (!('BarcodeDetector' in window)) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes('qr_code');
}
