namespace Fleet.Audio.Keywords;

/// <summary>
/// Finds where a JSON object ends in bytes that come piece by piece. Runners write one for each message and end it by a line feed, a 0, both or neither.
/// </summary>
internal sealed class EimFraming
{
    private int _depth;
    private bool _isText;
    private bool _isEscaped;

    /// <summary>Takes the next bytes; the number of those that belong to the object, or -1 when it goes on after them.</summary>
    /// <exception cref="KeywordModelException">What comes is no object.</exception>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (_isText)
            {
                (_isEscaped, _isText) = (!_isEscaped && value == '\\', _isEscaped || value != '"');
                continue;
            }

            switch (value)
            {
                case (byte)'{' or (byte)'[' when _depth > 0 || value == '{':
                    _depth++;
                    break;
                case (byte)'}' or (byte)']' when _depth > 0:
                    if (--_depth == 0)
                    {
                        return i + 1;
                    }

                    break;
                case (byte)'"' when _depth > 0:
                    _isText = true;
                    break;
                case 0 or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    break;
                default:
                    if (_depth == 0)
                    {
                        throw new KeywordModelException("The runner answers with something that is no JSON object.");
                    }

                    break;
            }
        }

        return -1;
    }
}
