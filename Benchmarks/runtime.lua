-- For wrk: the same signed body, each time under another delivery id. BODY_FILE, SIGNATURE and DELAY (ms between an
-- answer and the next request of a connection) come from the environment.
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local count, body, headers = 0, nil, nil
function init(args)
    local file = assert(io.open(os.getenv("BODY_FILE"), "rb"))
    body = file:read("*a")
    file:close()
    headers = {
        ["Content-Type"] = "application/json", ["X-GitHub-Event"] = "push",
        ["X-Hub-Signature-256"] = os.getenv("SIGNATURE"),
    }
    prefix = string.format("%d-%d-%d-", os.time(), number, math.floor(os.clock() * 1e6))
end

function request()
    count = count + 1
    headers["X-GitHub-Delivery"] = prefix .. count
    return wrk.format("POST", nil, headers, body)
end

local wait = tonumber(os.getenv("DELAY") or "0")
if wait > 0 then
    function delay() return wait end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("wrk\t%.1f\t%.3f\t%.3f\t%.3f\t%d\n", summary.requests / (summary.duration / 1e6),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
