namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>A beginning of a text in <see cref="BeamSearch"/>: how probable it is that the frames so far say exactly this.</summary>
internal sealed class BeamPrefix(BeamPrefix? parent, int token, int frame)
{
    private readonly Dictionary<int, BeamPrefix> _children = [];
    private double _nextBlank = double.NegativeInfinity;
    private double _nextToken = double.NegativeInfinity;
    private bool _touched;
    private int _startFrame = frame;
    private int _endFrame = frame;
    private double _best = double.NegativeInfinity;

    public int Token => token;

    private BeamPrefix? Above => parent;

    /// <summary>Natural logarithm, over the readings whose last frame is blank.</summary>
    public double EndsInBlank { get; private set; } = double.NegativeInfinity;

    /// <summary>Natural logarithm, over the readings whose last frame is the last token.</summary>
    public double EndsInToken { get; private set; } = double.NegativeInfinity;

    public double Total { get; private set; } = double.NegativeInfinity;

    /// <summary>Makes it the empty text before the first frame.</summary>
    public void Seed() => (EndsInBlank, Total) = (0, 0);

    public BeamPrefix Child(int childToken, int childFrame)
    {
        if (!_children.TryGetValue(childToken, out var child))
        {
            _children[childToken] = child = new BeamPrefix(this, childToken, childFrame);
        }

        return child;
    }

    public void Touch(List<BeamPrefix> touched)
    {
        if (!_touched)
        {
            _touched = true;
            touched.Add(this);
        }
    }

    public void AddBlank(double logProbability) => _nextBlank = LogAdd(_nextBlank, logProbability);

    public void AddToken(double logProbability, int atFrame, double ofToken)
    {
        _nextToken = LogAdd(_nextToken, logProbability);

        // The token lies where it was most probable, and as far as it went on from there.
        if (ofToken > _best)
        {
            _startFrame = atFrame == _endFrame + 1 && !double.IsNegativeInfinity(_best) ? _startFrame : atFrame;
            (_endFrame, _best) = (atFrame, ofToken);
        }
        else if (atFrame == _endFrame + 1 && ofToken > Math.Log(0.5))
        {
            _endFrame = atFrame;
        }
    }

    /// <summary>The frame is over.</summary>
    public void Advance()
    {
        (EndsInBlank, EndsInToken, _touched) = (_nextBlank, _nextToken, false);
        Total = LogAdd(EndsInBlank, EndsInToken);
        _nextBlank = _nextToken = double.NegativeInfinity;
    }

    /// <summary>It is out of the beam: if it comes back, then as if it had never been.</summary>
    public void Forget() => EndsInBlank = EndsInToken = Total = _best = double.NegativeInfinity;

    public IReadOnlyList<CtcSymbol> Symbols()
    {
        var symbols = new List<CtcSymbol>();
        for (var prefix = this; prefix is { Token: >= 0 }; prefix = prefix.Above)
        {
            symbols.Add(new CtcSymbol(prefix.Token, prefix._startFrame, prefix._endFrame, prefix._best));
        }

        symbols.Reverse();
        return symbols;
    }

    private static double LogAdd(double a, double b)
    {
        var (more, less) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(less) ? more : more + Math.Log(1 + Math.Exp(less - more));
    }
}
