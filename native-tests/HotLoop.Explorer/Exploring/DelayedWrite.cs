using System.Runtime.CompilerServices;

namespace HotLoop.Explorer.Exploring;

/// <summary>
/// A write that its thread has made and others do not see yet: what a processor of x86 has in its store buffer. Their own reads see it.
/// </summary>
internal abstract class DelayedWrite(object owner, nint offset)
{
    /// <summary>Null: the word is in none of the objects.</summary>
    internal static DelayedWrite? Create<T>(IEnumerable<object> owners, ref T word, T value)
        where T : unmanaged
    {
        foreach (object owner in owners)
        {
            if (IsIn(owner, ref Unsafe.As<T, byte>(ref word), out nint offset))
            {
                return new Of<T>(owner, offset, value);
            }
        }

        return null;
    }

    /// <summary>Whether it is of this word. If so, <paramref name="value"/> is what was written.</summary>
    internal bool IsOf<T>(ref T word, out T value)
        where T : unmanaged
    {
        Of<T>? same = IsIn(owner, ref Unsafe.As<T, byte>(ref word), out nint itsOffset) && itsOffset == offset ? (Of<T>)this : null;
        value = same?.Value ?? default;
        return same is not null;
    }

    /// <summary>Lets the others see it.</summary>
    internal abstract void Commit();

    // The collector moves objects, so a word is named by its object and its place in it.
    private static bool IsIn(object owner, ref byte word, out nint offset)
    {
        offset = Unsafe.ByteOffset(ref FieldsOf(owner), ref word);
        return offset >= 0 && offset < SizeOf(owner);
    }

    private static ref byte FieldsOf(object owner) => ref Unsafe.As<Fields>(owner).First;

    // The runtime's method table has the size of an object, with header and table, as its second word of 32 bits.
    private static unsafe nint SizeOf(object owner) => ((int*)owner.GetType().TypeHandle.Value)[1] - (2 * nint.Size);

    private sealed class Fields
    {
        public byte First;
    }

    private sealed class Of<T>(object owner, nint offset, T value) : DelayedWrite(owner, offset)
        where T : unmanaged
    {
        private readonly object _owner = owner;
        private readonly nint _offset = offset;

        internal T Value => value;

        internal override void Commit() => Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref FieldsOf(_owner), _offset)) = value;
    }
}
