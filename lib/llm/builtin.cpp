#include "llm/builtin.hpp"

namespace spotter::llm {

boost::asio::awaitable<Result<Reply, Failure>> Builtin::complete(const Request& request) {
    if (!request.plan) {
        Failure failure;
        failure.kind = Failure::Kind::rejected;
        failure.message = "this kind has no builtin plan";
        co_return failure;
    }
    Reply reply;
    reply.text = request.plan();
    reply.model = model();
    co_return reply;
}

}  // namespace spotter::llm
