using System.Buffers;
using BenchmarkDotNet.Attributes;
using HotLoop.Buffers;
using Microsoft.Extensions.ObjectPool;

namespace HotLoop.Micro;

/// <summary>
/// Buffers of 16 KiB, on the loop. One operation: a buffer rented and given back, with <see cref="Out"/> of them out at once.
/// </summary>
public class BufferPools
{
    private const int Batch = 9_600;
    private const int BufferBytes = 16 * 1024;

    private LoopHost _host = null!;
    private BlockPool _blocks = null!;
    private ObjectPool<byte[]> _objects = null!;
    private Block[] _rentedBlocks = [];
    private byte[][] _rented = [];
    private Action _rentBlocks = null!;
    private Action _rentArrays = null!;
    private Action _rentObjects = null!;

    [Params(1, 32)]
    public int Out { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _host = new LoopHost();
        _blocks = new BlockPool(_host.Loop.Core, BufferBytes);
        _objects = new DefaultObjectPool<byte[]>(new BufferPolicy(BufferBytes), maximumRetained: Out);
        _rentedBlocks = new Block[Out];
        _rented = new byte[Out][];
        _rentBlocks = RentBlocks;
        _rentArrays = RentArrays;
        _rentObjects = RentObjects;
    }

    [GlobalCleanup]
    public void Cleanup() => _host.Dispose();

    [Benchmark(OperationsPerInvoke = Batch, Baseline = true)]
    public Task Loop() => _host.On(_rentBlocks);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task SharedArrayPool() => _host.On(_rentArrays);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task ObjectPool() => _host.On(_rentObjects);

    private void RentBlocks()
    {
        for (int done = 0; done < Batch; done += _rentedBlocks.Length)
        {
            for (int i = 0; i < _rentedBlocks.Length; i++)
            {
                _rentedBlocks[i] = _blocks.Rent();
            }

            foreach (Block block in _rentedBlocks)
            {
                block.TryReturn(block.Version);
            }
        }
    }

    private void RentArrays()
    {
        for (int done = 0; done < Batch; done += _rented.Length)
        {
            for (int i = 0; i < _rented.Length; i++)
            {
                _rented[i] = ArrayPool<byte>.Shared.Rent(BufferBytes);
            }

            foreach (byte[] buffer in _rented)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private void RentObjects()
    {
        for (int done = 0; done < Batch; done += _rented.Length)
        {
            for (int i = 0; i < _rented.Length; i++)
            {
                _rented[i] = _objects.Get();
            }

            foreach (byte[] buffer in _rented)
            {
                _objects.Return(buffer);
            }
        }
    }
}
