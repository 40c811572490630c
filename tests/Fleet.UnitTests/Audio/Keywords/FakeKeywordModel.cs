using Fleet.Audio.Keywords;

namespace Fleet.UnitTests.Audio.Keywords;

/// <summary>Its keyword is a sample of this value; each stream remembers what it was given.</summary>
internal sealed class FakeKeywordModel(short keyword, string id = "fake-1") : IKeywordModel
{
    public KeywordModelDescription Description { get; } = TestModels.Description() with { Id = id };

    public IReadOnlyList<string> Keywords => ["listen"];

    public List<Stream> Streams { get; } = [];

    public bool IsDisposed { get; private set; }

    public bool Fails { get; set; }

    public IKeywordStream CreateStream(KeywordStreamOptions options, IKeywordListener listener)
    {
        var stream = new Stream(this, keyword, listener);
        Streams.Add(stream);
        return stream;
    }

    public void Dispose() => IsDisposed = true;

    internal sealed class Stream(FakeKeywordModel model, short keyword, IKeywordListener listener) : IKeywordStream
    {
        public long Position { get; private set; }

        public int Resets { get; private set; }

        public void Push(ReadOnlySpan<short> samples)
        {
            if (model.Fails)
            {
                throw new KeywordModelException("It fails.");
            }

            for (var i = 0; i < samples.Length; i++)
            {
                if (samples[i] == keyword)
                {
                    listener.OnDetection(new KeywordDetection("listen", 0.9f, Position + i + 1, Position + samples.Length, model.Description.Id));
                }
            }

            Position += samples.Length;
        }

        public void Flush()
        {
        }

        public void Reset() => Resets++;

        public void Dispose()
        {
        }
    }
}
