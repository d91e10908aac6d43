# Makes the tables of bench-runtime of its results: a name, a tab, a number a line.
{ value[$1] = $2 + 0; known[$1] = 1 }

function number(x,   text, sign) {
    text = sprintf("%d", x + 0.5)
    while (match(text, /[0-9][0-9][0-9][0-9]($|,)/)) text = substr(text, 1, RSTART) "," substr(text, RSTART + 1)
    return text
}

function row(title, name) {
    if (!((name "-rate") in known)) return
    printf "| %s | %s | %.1f | %.1f | %.1f | %s |\n", title, number(value[name "-rate"]), value[name "-p50"], value[name "-p99"], value[name "-p999"], number(value[name "-errors"])
}

function bar(title, holds, figure) { printf "- %s: %s: **%s**\n", title, figure, holds ? "pass" : "miss" }

END {
    print facts "."
    print ""
    print "| 32 connections, 8 KiB, signed | a second | p50 ms | p99 ms | p99.9 ms | errors |"
    print "|---|--:|--:|--:|--:|--:|"
    row("events on the disk", "written")
    row("the same at half of that load", "half")
    row("the same server without the write", "unwritten")
    row("Debian's webhook, waiting for `true`", "webhook")
    print ""
    print "| | |"
    print "|---|--:|"
    printf "| times of schedules a second, one core | %s |\n", number(value["cron"])
    printf "| runs taken a second, one a transaction, 100 waiting | %s |\n", number(value["claims-1-100"])
    printf "| the same with 100,000 waiting | %s |\n", number(value["claims-1-100000"])
    printf "| runs taken a second, sixteen a transaction, 100 waiting | %s |\n", number(value["claims-16-100"])
    printf "| the same with 100,000 waiting | %s |\n", number(value["claims-16-100000"])
    printf "| 100,000 schedules: seconds until all wait | %.2f |\n", value["schedules-start"]
    printf "| their memory, MiB | %s |\n", number(value["schedules-memory"])
    printf "| processor while nothing is due, %% of one | %.2f |\n", value["schedules-idle"]
    print ""
    print "Bars:"
    print ""
    ratio = value["written-rate"] / (value["unwritten-rate"] ? value["unwritten-rate"] : 1)
    bar("events on the disk, of the rate without the write", ratio >= 0.5, sprintf("%.2f, at least 0.50", ratio))
    if ("webhook-rate" in known) {
        ratio = value["written-rate"] / (value["webhook-rate"] ? value["webhook-rate"] : 1)
        bar("events on the disk, of the rate of Debian's webhook", ratio >= 4, sprintf("%.1f times, at least 4", ratio))
    } else print "- Debian's webhook: not measured"
    bar("p99 at half load", value["half-p99"] < 50, sprintf("%.1f ms, under 50", value["half-p99"]))
    bar("times of schedules a second", value["cron"] > 1000000, sprintf("%s, over 1,000,000", number(value["cron"])))
    ratio = value["claims-1-100000"] / (value["claims-1-100"] ? value["claims-1-100"] : 1)
    bar("taking runs with 100,000 waiting, of the rate with 100", ratio >= 0.8, sprintf("%.2f, at least 0.80", ratio))
    bar("start of 100,000 schedules", value["schedules-start"] < 1, sprintf("%.2f s, under 1", value["schedules-start"]))
    bar("processor of 100,000 schedules that wait", value["schedules-idle"] < 1, sprintf("%.2f %%, under 1", value["schedules-idle"]))
}
