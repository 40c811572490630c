namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>What peers/volume-client.cjs saw.</summary>
public sealed class GrpcJsVolumeFixture() : GrpcJsClientFixture("volume-client.cjs");
