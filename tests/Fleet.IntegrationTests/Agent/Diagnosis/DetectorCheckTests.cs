using Fleet.DeviceAgent.Diagnosis;

namespace Fleet.IntegrationTests.Agent.Diagnosis;

public sealed class DetectorCheckTests
{
    [Fact]
    public void Run_OurModel_HearsTheMadeUpVoiceAndNoSilence()
    {
        var result = new VadCheck(TimeProvider.System).Run();

        result.Verdict.ShouldNotBe(Verdict.No, result.Detail);
        result.Detail.ShouldContain("hears a voice with");
    }
}
