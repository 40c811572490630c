namespace Fleet.Silo.Transcription;

/// <summary>
/// What a call of an endpoint costs, learned from its answers: so much a call, an utterance, a second of audio, a second of padding, none of them negative.
/// It answers two questions: how many utterances are worth one call, and did this call wait at the endpoint.
/// </summary>
internal sealed class CostModel
{
    private const int Terms = 4;

    // Below that everything fits.
    private const int FewestCalls = 3;

    // An answer's weight halves after 34 further ones.
    private const double Forgetting = 0.02;

    // A call that took longer than expected has probably waited for others: it hardly counts, or the queue of the endpoint would look like its cost.
    private const double Slow = 1.3;
    private const double SlowWeight = 0.03;

    // A batch is as large as it is worth: what a call costs by itself is at most a fiftieth of it.
    private const double WorthTimes = 49;

    private const int Sweeps = 30;

    private readonly Lock _lock = new();
    private readonly double[,] _gram = new double[Terms, Terms];
    private readonly double[] _moment = new double[Terms];
    private readonly double[] _cost = new double[Terms];
    private int _calls;

    /// <summary>Seconds that a call costs by itself.</summary>
    public double SecondsPerCall => Read(0);

    /// <summary>Null until enough is known.</summary>
    public TimeSpan? Expect(BatchShape shape)
    {
        lock (_lock)
        {
            return _calls < FewestCalls ? null : TimeSpan.FromSeconds(Cost_NeedsLock(shape));
        }
    }

    public void Observe(BatchShape shape, TimeSpan took)
    {
        var seconds = Math.Max(took.TotalSeconds, 1e-4);
        lock (_lock)
        {
            var weight = _calls >= FewestCalls && seconds > Slow * Cost_NeedsLock(shape) ? SlowWeight : 1;
            _calls++;
            // Errors are relative: one long call does not outweigh many short ones.
            ReadOnlySpan<double> terms =
                [1 / seconds, shape.Utterances / seconds, shape.Seconds / seconds, shape.PaddingSeconds / seconds];
            for (var i = 0; i < Terms; i++)
            {
                for (var j = 0; j < Terms; j++)
                {
                    _gram[i, j] = (_gram[i, j] * (1 - (Forgetting * weight))) + (weight * terms[i] * terms[j]);
                }

                _moment[i] = (_moment[i] * (1 - (Forgetting * weight))) + (weight * terms[i]);
            }

            Solve_NeedsLock();
        }
    }

    /// <summary>How many utterances of that length are worth one call: more would hardly be cheaper, and all of them would wait for the last.</summary>
    public int WorthUtterances(double secondsEach, int atMost)
    {
        lock (_lock)
        {
            if (_calls < FewestCalls)
            {
                return atMost;
            }

            var each = _cost[1] + (_cost[2] * secondsEach);
            return each * atMost <= _cost[0] * WorthTimes ? atMost : Math.Clamp((int)Math.Ceiling(_cost[0] * WorthTimes / each), 1, atMost);
        }
    }

    /// <summary>Whether one more utterance is cheaper in this call than in one of its own: where the endpoint pads, a long one makes all others dear.</summary>
    public bool IsCheaperTogether(BatchShape shape, double seconds)
    {
        lock (_lock)
        {
            return _calls < FewestCalls
                || Cost_NeedsLock(shape.With(seconds)) <= Cost_NeedsLock(shape) + Cost_NeedsLock(new BatchShape(1, seconds, seconds));
        }
    }

    private double Read(int term)
    {
        lock (_lock)
        {
            return _cost[term];
        }
    }

    private double Cost_NeedsLock(BatchShape shape) =>
        _cost[0] + (_cost[1] * shape.Utterances) + (_cost[2] * shape.Seconds) + (_cost[3] * shape.PaddingSeconds);

    // Least squares without negative costs, one term at a time, from where it stood. What cannot be told apart yet counts as the cost of the call, so that
    // larger batches are tried, which tell.
    private void Solve_NeedsLock()
    {
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var i = 0; i < Terms; i++)
            {
                if (_gram[i, i] <= 1e-12)
                {
                    continue;
                }

                var rest = _moment[i];
                for (var j = 0; j < Terms; j++)
                {
                    rest -= i == j ? 0 : _gram[i, j] * _cost[j];
                }

                _cost[i] = Math.Max(0, rest / _gram[i, i]);
            }
        }
    }
}
