using HotLoop.Parking;

namespace HotLoop.Sockets.Operations;

/// <summary>Sends what is in a pipe.</summary>
internal sealed class SpliceOut(KernelPipe pipe) : SocketOperation
{
    internal override int Try(SocketFd fd)
    {
        for (int i = 0; pipe.Count > 0; i++)
        {
            int n = i < WriteSlot.SendsPerTurn ? pipe.TryDrain(fd.Descriptor) : Outcome.Unfinished;
            if (n < 0)
            {
                return n;
            }
        }

        return 0;
    }
}
