namespace HotLoop.Native.Linux;

/// <content>Socket options that the package lacks.</content>
internal static unsafe partial class ByHand
{
    internal const int IP_BIND_ADDRESS_NO_PORT = 24;
}
