namespace Fleet.UnitTests.Agent.Spool;

public sealed class SpoolPropertyTests
{
    private const int Steps = 120;

    /// <summary>
    /// Whatever happens to disk and power: what was flushed is sent whole or reported lost, nothing is altered, each number belongs to exactly
    /// one utterance.
    /// </summary>
    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 200)]
    [InlineData(200, 300)]
    [InlineData(300, 400)]
    public void Spool_RandomEvents_KeepsItsPromises(int firstSeed, int endSeed)
    {
        for (var seed = firstSeed; seed < endSeed; seed++)
        {
            var step = 0;
            var world = new SpoolWorld(seed);
            try
            {
                for (; step < Steps; step++)
                {
                    world.Step();
                }
            }
            catch (Exception ex)
            {
                throw new InvalidOperationException($"Seed {seed}, step {step}: {ex.Message} ({string.Join(' ', world.Trace)})", ex);
            }
        }
    }
}
