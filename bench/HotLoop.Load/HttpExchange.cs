using System.Globalization;
using System.Text;

namespace HotLoop.Load;

/// <summary>GET requests of HTTP/1.1, and their responses (RFC 9112). A status of 400 or above is an answer, and counted as an error.</summary>
internal sealed class HttpExchange : Exchange
{
    private readonly byte[] _requests;
    private readonly int _requestBytes;
    private readonly Tally _tally;
    private readonly HttpResponseParser _parser = new();
    private long _sent;
    private long _back;

    internal HttpExchange(LoadOptions options, int maxRequests, Tally tally)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(RequestOf(options));
        _requestBytes = bytes.Length;
        _requests = new byte[bytes.Length * maxRequests];
        for (int i = 0; i < maxRequests; i++)
        {
            bytes.CopyTo(_requests, i * bytes.Length);
        }

        _tally = tally;
    }

    internal static string RequestOf(LoadOptions options)
    {
        string close = options.Mode == LoadMode.Churn ? "Connection: close\r\n" : "";
        return $"GET {options.Target.Path} HTTP/1.1\r\nHost: {options.Target.Address}\r\n{close}\r\n";
    }

    internal override ReadOnlyMemory<byte> NextRequests(int count)
    {
        _sent += count;
        return _requests.AsMemory(0, count * _requestBytes);
    }

    internal override int Take(ReadOnlySpan<byte> data)
    {
        int complete = 0;
        while (data.Length > 0)
        {
            if (_back == _sent)
            {
                return Fail("more than was asked for");
            }

            HttpProgress progress = _parser.Take(ref data);
            if (progress == HttpProgress.Malformed)
            {
                return Fail("malformed response");
            }

            if (progress == HttpProgress.Complete)
            {
                EndResponse();
                complete++;
            }
        }

        return complete;
    }

    internal override bool TakeEnd()
    {
        if (!_parser.EndsWithStream)
        {
            return false;
        }

        EndResponse();
        return true;
    }

    private void EndResponse()
    {
        _back++;
        IsLast |= _parser.Closes;
        if (_parser.Status >= 400)
        {
            _tally.Fail(string.Create(CultureInfo.InvariantCulture, $"status {_parser.Status}"));
        }
    }
}
