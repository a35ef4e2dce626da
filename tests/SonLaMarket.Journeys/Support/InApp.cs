namespace SonLaMarket.Journeys.Support;

/// <summary>Zalo and its like, as browsers.</summary>
public static class InApp
{
    /// <summary>What an in-app browser may lack: storage, windows, print, blobs, sharing, camera, clipboard, workers. One of its own scripts fails besides.</summary>
    public const string Powerless = """
        for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
          Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
        window.open = () => null;
        window.print = undefined;
        window.alert = window.confirm = window.prompt = () => undefined;
        URL.createObjectURL = () => { throw new Error("no blobs here"); };
        for (const name of ["share", "canShare", "mediaDevices", "clipboard", "serviceWorker"])
          Object.defineProperty(Navigator.prototype, name, { get: () => undefined });
        document.addEventListener("click", e => { if (e.target.closest?.("a[target], a[download], a[href^='blob:'], a[href^='data:']")) e.preventDefault(); }, true);
        setTimeout(() => zaloJSV2.ready());
        """;
}
