using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Delivery;

/// <summary>What all Destinations of a node share.</summary>
public sealed record DestinationServices(
    NextHopResolver Resolver, IOutboundConnector Connector, RelayRoutes Routes, ISpool Spool, RelaySettings Settings,
    TimeProvider Time);
