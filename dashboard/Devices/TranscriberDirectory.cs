using Fleet.V1;

namespace Fleet.Dashboard.Devices;

/// <summary>How the transcribers are. One answer is shared by everybody who asks within two seconds.</summary>
internal sealed class TranscriberDirectory(SiloAccess silo, TimeProvider time) : IDisposable
{
    private readonly SharedAnswer<TranscriberState> _answer = new(time);

    /// <summary><see cref="TranscriberState.Fine"/> also when no silo answers: <see cref="DeviceOverview.SiloProblem"/> says that.</summary>
    public Task<TranscriberState> GetAsync(CancellationToken cancellationToken) => _answer.GetAsync(ReadAsync, cancellationToken);

    public void Dispose() => _answer.Dispose();

    private async Task<TranscriberState> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await silo.CallAsync(
                (client, headers, deadline) => client.ListSilosAsync(new ListSilosRequest(), headers, deadline, cancellationToken), cancellationToken);
            return TranscriberState.Of(answer.Silos);
        }
        catch (Exception exception) when (SiloAccess.IsNoAnswer(exception) && !cancellationToken.IsCancellationRequested)
        {
            return TranscriberState.Fine;
        }
    }
}
