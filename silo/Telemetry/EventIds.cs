namespace Fleet.Silo.Telemetry;

/// <summary>Ids of log events: stable, one place, a hundred for each folder.</summary>
internal static class EventIds
{
    // Hosting
    public const int SiloReady = 1000;
    public const int DatabaseAway = 1001;
    public const int DatabaseBack = 1002;
    public const int LockHeldElsewhere = 1003;
    public const int LeaseLost = 1005;
    public const int LeaseTroubled = 1006;
    public const int Stopping = 1007;
    public const int Stopped = 1008;
    public const int KeyFileMade = 1009;
    public const int StopIncomplete = 1011;
    public const int CheckBroken = 1012;
    public const int ActorsNotStopped = 1013;
    public const int ActorsNotStarted = 1014;
    public const int GivenUpByCluster = 1015;

    // Devices
    public const int DevicesDeactivated = 1100;
    public const int PresenceNotKept = 1101;
    public const int NumbersNotKept = 1102;
    public const int ActorAway = 1103;
    public const int ActorFailed = 1104;
    public const int SiloNotListed = 1105;
    public const int StreamNotReached = 1106;
    public const int SiloSilent = 1107;

    // Ingest
    public const int SessionOpened = 1200;
    public const int SessionClosed = 1201;
    public const int SessionRefused = 1202;
    public const int SessionFaulted = 1203;
    public const int UtteranceRejected = 1205;
    public const int WritesHeld = 1206;
    public const int WritesResumed = 1207;
    public const int UtteranceNotStorable = 1208;
    public const int AgentLog = 1209;
    public const int CredentialRefused = 1210;

    public const int LossesHeld = 1211;
    public const int UtteranceLost = 1212;
    public const int GenerationChanged = 1213;
    public const int ConnectionsFull = 1214;
    public const int ResumeQueryFailed = 1215;
    public const int GenerationUnknown = 1216;
    public const int LossesTaken = 1217;

    // Transcription
    public const int EndpointAway = 1300;
    public const int EndpointBack = 1301;
    public const int UtteranceTranscribed = 1302;
    public const int UtteranceFailed = 1303;
    public const int ResultsHeld = 1304;
    public const int ResultsResumed = 1305;
    public const int ResultOvertaken = 1306;
    public const int PendingClaimed = 1307;
    public const int SweepFailed = 1308;
    public const int KeyRefused = 1309;
    public const int AttemptFailed = 1310;
    public const int TranscriptNotTold = 1311;
    public const int SweepBroken = 1312;
    public const int UnknownGivenBack = 1313;
    public const int FailedOver = 1314;
    public const int FailedBack = 1315;
    public const int BatchSent = 1316;
    public const int BatchFailed = 1317;
    public const int BatchSearched = 1318;
    public const int CallBroken = 1319;

    // Api
    public const int CallFailed = 1400;
    public const int UtterancesErased = 1401;
    public const int InstallReplaced = 1402;
    public const int RunStarted = 1403;
    public const int RunDecided = 1404;

    // Retranscription
    public const int RunTaken = 1500;
    public const int RunFinished = 1501;
    public const int RunLost = 1502;
    public const int RunSettled = 1503;
    public const int RunHeld = 1504;
    public const int RunBroken = 1505;
}
