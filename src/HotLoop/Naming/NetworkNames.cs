namespace HotLoop.Naming;

/// <summary>From the names that callers give to networks.</summary>
internal static class NetworkNames
{
    /// <summary>The network of that name, for connections or for datagrams.</summary>
    /// <exception cref="OpError">There is none, or it is one of the other kind.</exception>
    internal static Network Require(string operation, string name, string address, bool connections)
    {
        Network network = Network.Find(name)
            ?? throw OpError.FromText(operation, name, null, null, OpErrorKind.UnknownNetwork, $"unknown network {name}");
        if (network.HasConnections == connections)
        {
            return network;
        }

        string subject = address.Length == 0 ? "" : $"address {address}: ";
        throw OpError.FromText(
            operation, name, null, AddressText(network, address), OpErrorKind.Address, $"{subject}unexpected address type");
    }

    // An address that is only shown, as it was given.
    private static NetAddress AddressText(Network network, string address) =>
        address.Length == 0 && !network.IsUnix ? new NetAddress(network.Plain, null, 0) : new NetAddress(network.Plain, address);
}
