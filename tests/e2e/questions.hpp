#pragma once

#include <fmt/format.h>

#include <string>

#include "base/json.hpp"
#include "e2e/daemon.hpp"
#include "e2e/requests.hpp"

namespace spotter::test {

/// An app with seven orders that may be asked about, and a model that writes SQL.
struct Questions : Stage {
    Requests requests{app};

    Questions() {
        app.run(
            "create table public.orders (id integer primary key, note text); "
            "insert into public.orders select n, 'a note' from generate_series(1, 7) n; "
            "grant select on public.orders to spotter_reader");
    }
    std::string ask(const std::string& question) {
        return requests.ask("sql_query", fmt::format(R"({{"prompt": {}}})", json::quoted(question)));
    }
};

/// A model's answer; without SQL it says that there is none.
inline Behaviour query(const std::string& sql) {
    return completion(fmt::format(R"({{"sql": {}, "explanation": "What it returns."}})", json::quoted(sql)));
}

}  // namespace spotter::test
