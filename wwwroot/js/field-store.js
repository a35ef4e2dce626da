// Entries of the diary, inspections and photos that wait on this device (IndexedDB), each with the account that wrote it. They outlive the browser and every update of the program;
// who signs out takes them away (leave.js).
const name = "sl-field";
let opened;

function open() {
  return opened ??= new Promise((done, fail) => {
    const request = indexedDB.open(name, 1);
    // One step for each version, never a fresh start: what waits was written by somebody.
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        request.result.createObjectStore("entries", { keyPath: "id" });
        request.result.createObjectStore("photos", { keyPath: "id" });
      }
    };
    request.onsuccess = () => {
      const close = () => { request.result.close(); opened = undefined; };
      request.result.onversionchange = close;
      request.result.onclose = close;
      done(request.result);
    };
    request.onerror = () => { opened = undefined; fail(request.error); };
  });
}

// All or nothing, and on the disk when it is done.
export async function change(act) {
  const db = await open();
  return new Promise((done, fail) => {
    const work = db.transaction(["entries", "photos"], "readwrite", { durability: "strict" });
    work.oncomplete = () => done();
    work.onabort = work.onerror = () => fail(work.error);
    try {
      act(work.objectStore("entries"), work.objectStore("photos"));
    } catch (error) {
      work.abort();
      fail(error);
    }
  });
}

// One entry as it is now, whatever was read before: a photo may be on its way while another is replaced.
export const alter = (id, act) => change((texts, photos) => {
  const asked = texts.get(id);
  asked.onsuccess = () => asked.result && act(asked.result, texts, photos);
});

async function read(store, ask) {
  const db = await open();
  return new Promise((done, fail) => {
    const request = ask(db.transaction(store).objectStore(store));
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

// In the order in which they were written: ids are UUIDv7.
export const entries = async account => (await read("entries", s => s.getAll())).filter(e => !account || e.account === account);
export const photo = id => read("photos", s => s.get(id));
export const waits = entry => entry.state !== "sent" || entry.photos.length > 0;
// A photo that the server refused stays until another takes its place, or it is given up.
export const unsent = entry => entry.photos.filter(p => p.refused === undefined);
export const refusedPhotos = entry => entry.photos.filter(p => p.refused !== undefined);

export async function wipe() {
  localStorage.removeItem(name);
  (await opened?.catch(() => {}))?.close();
  opened = undefined;
  await new Promise(done => { const request = indexedDB.deleteDatabase(name); request.onsuccess = request.onerror = request.onblocked = () => done(); });
  await window.caches?.delete("field");
}
