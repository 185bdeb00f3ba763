using System.Text.Json;

namespace Pendopo.EndToEnd.Harness;

/// <summary>
/// Reads the keys of a Chromium's frames where nobody but its own debugger can: inside the worker that owns them. A test needs them to know what
/// to search for.
/// </summary>
internal static class KeyTap
{
    /// <summary>Notes what is given to WebCrypto from here on; keys derived before are not among it.</summary>
    private const string Open = """
        () => {
          const tap = self.__tap = { keys: [], frames: [] };
          const text = data => {
            const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
            return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
          };
          const { importKey, deriveKey, exportKey, encrypt } = SubtleCrypto.prototype;
          const raw = new WeakMap();
          SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...rest) {
            if (format === 'raw' && (algorithm === 'HKDF' || algorithm.name === 'HKDF')) tap.keys.push(text(data));
            return importKey.call(this, format, data, algorithm, ...rest);
          };
          SubtleCrypto.prototype.deriveKey = async function (algorithm, base, derived, extractable, uses) {
            const key = await deriveKey.call(this, algorithm, base, derived, true, uses);
            raw.set(key, text(await exportKey.call(this, 'raw', key)));
            tap.keys.push(raw.get(key));
            return key;
          };
          SubtleCrypto.prototype.encrypt = async function (algorithm, key, data) {
            const plain = text(data);
            const sealed = await encrypt.call(this, algorithm, key, data);
            if (raw.has(key)) {
              tap.frames.push({ key: raw.get(key), nonce: text(algorithm.iv), aad: text(algorithm.additionalData), plain, sealed: text(sealed) });
              if (tap.frames.length > 600) tap.frames.splice(0, 100);
            }
            return sealed;
          };
        }
        """;

    public static Task OpenAsync(IBrowserPage page) => page.EvaluateInWorkerAsync(Open);

    public static async Task<TappedKeys> ReadAsync(IBrowserPage page) =>
        (await page.EvaluateInWorkerAsync("() => self.__tap").ConfigureAwait(false)).Deserialize<TappedKeys>(JsonSerializerOptions.Web)!;
}

/// <param name="Keys">Base keys of epochs and keys of frames, base64.</param>
/// <param name="Frames">The last frames that were encrypted.</param>
internal sealed record TappedKeys(IReadOnlyList<byte[]> Keys, IReadOnlyList<TappedFrame> Frames);

/// <param name="Sealed">Ciphertext and tag.</param>
internal sealed record TappedFrame(byte[] Key, byte[] Nonce, byte[] Aad, byte[] Plain, byte[] Sealed);
