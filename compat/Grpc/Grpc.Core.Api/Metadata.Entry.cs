using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its value: a text, or bytes when the key ends with <see cref="BinaryHeaderSuffix" />.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> _keyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

        private static readonly SearchValues<char> _anyCaseKeyCharacters = SearchValues.Create(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

        private readonly string? _value;
        private readonly byte[]? _valueBytes;

        /// <summary>Creates an entry with bytes.</summary>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = NormalizeKey(key);
            if (!IsBinary)
            {
                throw new ArgumentException($"Key for binary valued metadata entry needs to have suffix indicating binary value: \"{key}\".");
            }

            _valueBytes = [.. valueBytes];
        }

        /// <summary>Creates an entry with a text.</summary>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = NormalizeKey(key);
            if (IsBinary)
            {
                throw new ArgumentException($"Key for ASCII valued metadata entry cannot have suffix indicating binary value: \"{key}\".");
            }

            _value = value;
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>The value as bytes.</summary>
        public byte[] ValueBytes => _valueBytes is null ? Encoding.ASCII.GetBytes(Value) : [.. _valueBytes];

        /// <summary>The value as a text; only of an entry that is not binary.</summary>
        public string Value => _value ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        /// <summary>The value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        internal ReadOnlySpan<byte> BinaryValue => _valueBytes;

        /// <inheritdoc />
        public override string ToString() =>
            _valueBytes is null ? $"[Entry: key={Key}, value={_value}]" : $"[Entry: key={Key}, valueBytes={_valueBytes.Length} bytes]";

        internal static bool IsValidKey(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(_anyCaseKeyCharacters);

        internal bool KeyEquals(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string NormalizeKey(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
#pragma warning disable CA1308 // HTTP/2 header names are lower case.
            string lower = key.ToLowerInvariant();
#pragma warning restore CA1308
            if (lower.Length == 0 || lower.AsSpan().ContainsAnyExcept(_keyCharacters))
            {
                throw new ArgumentException(
                    $"Metadata entry key '{key}' not valid. Keys can only contain lowercase alphanumeric characters, underscores, hyphens and dots.");
            }

            return lower;
        }
    }
}
