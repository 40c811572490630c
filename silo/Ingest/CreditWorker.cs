namespace Fleet.Silo.Ingest;

/// <summary>Tells every device when the silo's memory runs short, and when there is room again.</summary>
internal sealed class CreditWorker(AudioMemory memory, ParkingPlace parking, SessionRegistry sessions) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                // Asked for before looking: what turns in between is seen by the next wait.
                var changed = memory.ShortageChanged;
                if (memory.IsShort)
                {
                    parking.MakeRoom();
                }

                sessions.TellCredit();
                await changed.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop.
        }
    }
}
