namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>What peers/client.cjs saw.</summary>
public sealed class GrpcJsCallsFixture() : GrpcJsClientFixture("client.cjs");
