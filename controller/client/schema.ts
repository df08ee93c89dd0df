// Of the OpenAPI document; test/unit/controller/client/schema.test.ts writes it.
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions, and where the API is */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/caas/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As GET /config
         * @deprecated
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getCaaSConfiguration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commits/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A commit of the branch, and the lines that it changed
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getCommit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Defaults under `Tasks`, infrastructures under `Clusters`; secrets are `***`
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getConfiguration"];
        /**
         * Set Defaults
         * @description Needs the scope `admin`.
         */
        put: operations["updateConfig"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was decided last, newest first
         * @description Needs the scope `read`.
         */
        get: operations["getDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Docks with their tasks
         * @description Needs the scope `read`.
         */
        get: operations["getDocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks/{dock}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One dock
         * @description Needs the scope `read`.
         */
        get: operations["getDock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks/{dock}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tasks of a dock
         * @deprecated
         * @description Needs the scope `read`.
         */
        get: operations["getDockTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks/{dock}/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One task; polled by COMPSs masters until `task.pods` is there
         * @deprecated
         * @description Needs the scope `read`.
         */
        get: operations["getTask"];
        /**
         * As PUT /tasks/{id}
         * @deprecated
         * @description Needs the scope `write`.
         */
        put: operations["updateTask"];
        post?: never;
        /**
         * As DELETE /tasks/{id}
         * @deprecated
         * @description Needs the scope `write`.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks/{dock}/tasks/{id}/containers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its containers
         * @deprecated
         * @description Needs the scope `read`.
         */
        get: operations["getTaskContainers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As GET /tasks
         * @deprecated
         * @description Needs the scope `read`.
         */
        get: operations["getAllTasks"];
        put?: never;
        /**
         * As POST /tasks
         * @deprecated
         * @description Needs the scope `write`.
         */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks/tasks-compss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a COMPSs workflow's workers
         * @description Needs the scope `write`.
         */
        post: operations["createCompssTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docks/tasksqos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each task is bound to
         * @deprecated
         * @description Needs the scope `read`.
         */
        get: operations["GetAllTasksQoS"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as server-sent events; `Last-Event-ID` goes on from there
         * @description Needs the scope `read`.
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/functions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All functions
         * @description Needs the scope `read`.
         */
        get: operations["getAllFunctions"];
        put?: never;
        /**
         * Create a function: it waits until something runs it
         * @description Needs the scope `write`.
         */
        post: operations["createFunction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/functions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One function
         * @description Needs the scope `read`.
         */
        get: operations["getFunction"];
        put?: never;
        /**
         * Call a function: 503 with the reason until something runs functions
         * @description Needs the scope `write`.
         */
        post: operations["callFunction"];
        /**
         * Remove a function
         * @description Needs the scope `write`.
         */
        delete: operations["deleteFunction"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/git": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell that the branch may have moved, as GitHub, Gitea, Forgejo and GitLab do: signed with the secret of `--hook-secret` */
        post: operations["pushHook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All infrastructures; secrets are `***`
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getAllInfrastructures"];
        put?: never;
        /**
         * Create an infrastructure; its secrets are kept, and get into no document
         * @description Needs the scope `admin`.
         */
        post: operations["createInfrastructure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imec/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One infrastructure
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getInfrastructure"];
        /**
         * Replace an infrastructure's document; `***` keeps a secret
         * @description Needs the scope `admin`.
         */
        put: operations["updateInfrastructure"];
        post?: never;
        /**
         * Remove an infrastructure, unless tasks are placed there
         * @description Needs the scope `admin`.
         */
        delete: operations["deleteInfrastructure"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imec/{id}/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether a cluster is asked for
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getInfrastructureCluster"];
        put?: never;
        /**
         * Ask for a cluster
         * @description Needs the scope `admin`.
         */
        post: operations["createInfrastructureCluster"];
        /**
         * Withdraw that
         * @description Needs the scope `admin`.
         */
        delete: operations["deleteInfrastructureCluster"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imec/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * `ok`, or 404 `Not-Found`
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getInfrastructureStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/qos/definitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All templates, the built-in ones too
         * @description Needs the scope `read`.
         */
        get: operations["GetQoSDefs"];
        put?: never;
        /**
         * Add one template or a list, or take the places of those of the same names; no other goes
         * @description Needs the scope `write`, for all docks.
         */
        post: operations["PostQoSDefs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/qos/definitions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One template
         * @description Needs the scope `read`.
         */
        get: operations["GetQoSDef"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look at the branch and the clusters now, and answer the status afterwards
         * @description Needs the scope `write`.
         */
        post: operations["reconcile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules-engine/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As GET /config
         * @deprecated
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getRulesEngineConfiguration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sla/tasks/{id}/guarantee/{guarantee}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a violation that others saw
         * @description Needs the scope `write`.
         */
        post: operations["processSLAViolation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the controller has seen
         * @description Needs the scope `read`.
         */
        get: operations["getStatus2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All tasks
         * @description Needs the scope `read`.
         */
        get: operations["getAllRotterdamTasks"];
        put?: never;
        /**
         * Create a task: one commit
         * @description Needs the scope `write`.
         */
        post: operations["createRotterdamTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One task
         * @description Needs the scope `read`.
         */
        get: operations["getRotterdamTask"];
        /**
         * Replace a task's document
         * @description Needs the scope `write`.
         */
        put: operations["updateRotterdamTask"];
        post?: never;
        /**
         * Remove a task, and what runs with it
         * @description Needs the scope `write`.
         */
        delete: operations["deleteRotterdamTask"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One task with its objects, pods and agreements
         * @description Needs the scope `read`.
         */
        get: operations["getRotterdamTaskFullInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How each promise of a task led to what runs
         * @description Needs the scope `read`.
         */
        get: operations["getTaskStory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** `ok` while the process lives */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The controller's own metrics, for Prometheus
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/job/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Push metrics of a group in place of all that it has
         * @description Needs the scope `write`.
         */
        put: operations["push"];
        /**
         * Push metrics of a group; those of other names stay. More of its labels may follow: `/task/web`
         * @description Needs the scope `write`.
         */
        post: operations["pushAdd"];
        /**
         * Forget a group
         * @description Needs the scope `write`.
         */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** `ok`, or 503 with the reason */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What there is
         * @description Needs the scope `read`.
         */
        get: operations["getSla"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/agreements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All agreements
         * @description Needs the scope `read`.
         */
        get: operations["getAgreements"];
        put?: never;
        /**
         * Create an agreement: a document of its own
         * @description Needs the scope `write`.
         */
        post: operations["createAgreement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/agreements/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One agreement, with how its guarantees were judged last
         * @description Needs the scope `read`.
         */
        get: operations["getAgreement"];
        /**
         * Set its `state`, and nothing else
         * @description Needs the scope `write`.
         */
        put: operations["updateAgreement"];
        post?: never;
        /**
         * Remove it, unless it follows from a task
         * @description Needs the scope `write`.
         */
        delete: operations["deleteAgreement"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/agreements/{id}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What it promises
         * @description Needs the scope `read`.
         */
        get: operations["getAgreementDetails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/agreements/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Judge it again
         * @description Needs the scope `write`.
         */
        put: operations["startAgreement"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/agreements/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Judge it no more, until it is started
         * @description Needs the scope `write`.
         */
        put: operations["stopAgreement"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/agreements/{id}/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * End it, for good
         * @description Needs the scope `write`.
         */
        put: operations["terminateAgreement"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/create-agreement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an agreement of a template and values; values stay values
         * @description Needs the scope `write`.
         */
        post: operations["createAgreementOfTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * As GET /sources/prometheus
         * @deprecated
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getEndpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refused: use POST /sources/prometheus
         * @deprecated
         * @description Needs the scope `admin`.
         */
        post: operations["createEndpoint"];
        /**
         * As DELETE /sources/prometheus/{id}
         * @deprecated
         * @description Needs the scope `admin`.
         */
        delete: operations["deleteEndpoint"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the agreements are judged by
         * @description Needs the scope `read`.
         */
        get: operations["getMetricNames"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/metrics/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same: nothing is to be registered
         * @description Needs the scope `write`.
         */
        post: operations["createMetric"];
        /**
         * The same: nothing is forgotten
         * @description Needs the scope `write`.
         */
        delete: operations["deleteMetric"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who promises
         * @description Needs the scope `read`.
         */
        get: operations["getProviders"];
        put?: never;
        /**
         * Refused: providers are those that agreements name
         * @description Needs the scope `write`.
         */
        post: operations["createProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of them
         * @description Needs the scope `read`.
         */
        get: operations["getProvider"];
        put?: never;
        post?: never;
        /**
         * Refused: it goes with the last agreement that names it
         * @description Needs the scope `write`.
         */
        delete: operations["deleteProvider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/sla-predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * How many workers it takes: `-1`, none, as no predictor is asked
         * @description Needs the scope `write`.
         */
        put: operations["predict"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/sources/prometheus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where it is measured
         * @description Needs the scope `read`, for all docks.
         */
        get: operations["getSources"];
        put?: never;
        /**
         * Create a Source; it is asked once an infrastructure names it
         * @description Needs the scope `admin`.
         */
        post: operations["createSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/sources/prometheus/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove it, by its name
         * @description Needs the scope `admin`.
         */
        delete: operations["deleteSource"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All templates of agreements
         * @description Needs the scope `read`.
         */
        get: operations["getTemplates"];
        put?: never;
        /**
         * Create a template
         * @description Needs the scope `write`, for all docks.
         */
        post: operations["createTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sla/v1/templates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One template
         * @description Needs the scope `read`.
         */
        get: operations["getTemplate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Agreement: {
            assessment: {
                guarantees: {
                    [key: string]: {
                        /** @description RFC 3339 */
                        last_execution?: string;
                        last_values: {
                            [key: string]: {
                                /** @description RFC 3339 */
                                datetime?: string;
                                key: string;
                                value: number;
                            };
                        };
                        reason?: string;
                        /** @enum {string} */
                        state: "met" | "violated" | "unknown" | "stopped" | "terminated";
                    };
                };
            };
            details: components["schemas"]["AgreementDetails"];
            id: string;
            name: string;
            /** @enum {string} */
            state: "started" | "stopped" | "terminated";
        };
        AgreementDetails: {
            client: components["schemas"]["Provider"];
            /** @description RFC 3339 */
            creation?: string;
            /** @description RFC 3339 */
            expiration?: string;
            guarantees: {
                constraint: string;
                name: string;
                penalties?: {
                    /** @description e.g. discount */
                    type: string;
                    /**
                     * @description e.g. % or EUR
                     * @default
                     */
                    unit: string;
                    /** @description A number, also written as text. */
                    value: number | string;
                }[];
            }[];
            id: string;
            name: string;
            provider: components["schemas"]["Provider"];
            /** @constant */
            type: "agreement";
        };
        AgreementDocument: {
            /** @description For editors. */
            $schema?: string;
            /** @constant */
            apiVersion: "rotterdam.dev/v1alpha1";
            /** @constant */
            kind: "Agreement";
            metadata: {
                /** @default {} */
                annotations?: {
                    [key: string]: string;
                };
                name: string;
            };
            spec: {
                /**
                 * Format: date-time
                 * @description From this time on it is terminated. Default: `agreements.lifetime` of the Defaults after its creation.
                 */
                expiration?: string;
                /** @description In place of the template's. */
                importance?: number;
                /**
                 * @description `stopped`: not judged, and nothing is decided on it. `terminated`: the same, for good.
                 * @default started
                 * @enum {string}
                 */
                state?: "started" | "stopped" | "terminated";
                /** @description Name of the task whose promise it is. */
                task: string;
                /** @description Name of the QosTemplate that says what is promised. */
                template?: string;
                /** @description In place of `template`: what is promised, as the spec of a QosTemplate. */
                terms?: {
                    /**
                     * @description What is done when more than maxAllowed are violated: replicas × scaleFactor, ± `step`, or to `setTo`; `none` only reports. `target` scales by value ÷ targetValue, violated or not.
                     * @enum {string}
                     */
                    action?: "scale_out" | "scale_in" | "target" | "step" | "set" | "none";
                    /** @description How fast it scales, as a HorizontalPodAutoscaler's. */
                    behavior?: {
                        /** @description When replicas are taken away. */
                        scaleIn?: {
                            /** @description How much may change within a period. Without any: as much as wanted. */
                            policies?: {
                                /** @description Decisions made within it count. */
                                period: string | 0;
                                /**
                                 * @description What value counts: replicas, or percent of those at the beginning of the period.
                                 * @enum {string}
                                 */
                                type: "Pods" | "Percent";
                                value: number;
                            }[];
                            /**
                             * @description The policy that allows most or least; Disabled: not this way.
                             * @default Max
                             * @enum {string}
                             */
                            selectPolicy?: "Max" | "Min" | "Disabled";
                            /** @description The most careful replicas that were right at any time within it are taken. Default: 5m for target scaling in, else 0s. */
                            stabilizationWindow?: string | 0;
                            /** @description For target: part of targetValue by which the value may be off. Default: 0.1. */
                            tolerance?: number;
                        };
                        /** @description When replicas are added. */
                        scaleOut?: {
                            /** @description How much may change within a period. Without any: as much as wanted. */
                            policies?: {
                                /** @description Decisions made within it count. */
                                period: string | 0;
                                /**
                                 * @description What value counts: replicas, or percent of those at the beginning of the period.
                                 * @enum {string}
                                 */
                                type: "Pods" | "Percent";
                                value: number;
                            }[];
                            /**
                             * @description The policy that allows most or least; Disabled: not this way.
                             * @default Max
                             * @enum {string}
                             */
                            selectPolicy?: "Max" | "Min" | "Disabled";
                            /** @description The most careful replicas that were right at any time within it are taken. Default: 5m for target scaling in, else 0s. */
                            stabilizationWindow?: string | 0;
                            /** @description For target: part of targetValue by which the value may be off. Default: 0.1. */
                            tolerance?: number;
                        };
                    };
                    /** @description Time after an action has settled before gauges are judged again. Default: 0s for counters, 60s for gauges. */
                    cooldown?: string | 0;
                    description?: string;
                    /** @description What a scale-out is to take effect within: until then no other follows while a gauge is violated, and one that had none counts. */
                    expectWithin?: string | 0;
                    guarantees: {
                        /**
                         * @description How several series become one value.
                         * @default sum
                         * @enum {string}
                         */
                        aggregate?: "sum" | "max" | "min" | "avg";
                        /** @description The `query` gives a series for each task: this label's value is its id. One query for all of them. */
                        by?: string;
                        /** @description The condition that must hold, e.g. `deadlines_missed < 1`. */
                        constraint: string;
                        /** @description What is fallen back to. It never takes replicas away. */
                        fallback?: {
                            /**
                             * @description How long nothing must have been known.
                             * @default 3m
                             */
                            after?: string | 0;
                            /** @description So many; `current` leaves them as they are. */
                            replicas: number | "current";
                        };
                        /**
                         * @description Default: counter for app-compss, gauge for app and infr.
                         * @enum {string}
                         */
                        kind?: "counter" | "gauge";
                        /** @description Samples that are older are no evidence. Default: two evaluation periods and the scrape interval. */
                        maxAge?: string | 0;
                        /** @description Tells guarantees of a template apart. */
                        name: string;
                        /**
                         * @description What is done while its value is unknown: nothing, or after a while what `fallback` says. Default: hold.
                         * @enum {string}
                         */
                        onUnknown?: "hold" | "fallback";
                        /** @description What a violation costs. */
                        penalties?: {
                            /** @description e.g. discount */
                            type: string;
                            /**
                             * @description e.g. % or EUR
                             * @default
                             */
                            unit?: string;
                            /** @description A number, also written as text. */
                            value: number | string;
                        }[];
                        /** @description PromQL that gives one value, with $task, $dock and $infrastructure. */
                        query?: string;
                        /** @description Name of the Source that is asked. Default: those of the task's infrastructure. */
                        source?: string;
                    }[];
                    /** @description Where there is not room for all, the more important is served first, then the one whose violation costs more. Default: 1. */
                    importance?: number;
                    /** @description With expectWithin: after so many actions in a row without effect it scales no more. Default: 3. */
                    ineffectiveAfter?: number;
                    /** @description Violations within the window that are let pass. */
                    maxAllowed?: number;
                    /** @description No action goes above. */
                    maxReplicas?: number;
                    /** @description No action goes below. */
                    minReplicas?: number;
                    /** @description How much of the time it is to be kept: recording rules and burn-rate alerts are generated for it, and its budget is shown. */
                    objective?: {
                        /** @description Share of the time in which the guarantees hold, e.g. 99.9%. */
                        target: number | string;
                        /**
                         * @description Of the last so many days.
                         * @default 30d
                         */
                        window?: string | 0;
                    };
                    /** @description For scale_out and scale_in: replicas are multiplied by it, above 1 to scale out, below to scale in. */
                    scaleFactor?: number;
                    /** @description For set: the replicas. */
                    setTo?: number;
                    /** @description For step: replicas are changed by it; below 0 it scales in. */
                    step?: number;
                    /** @description For target: the value that so many replicas are wanted for. Gauges only. */
                    targetValue?: number;
                    /**
                     * @description What is measured: a COMPSs workflow, another task, or the infrastructure of the task.
                     * @enum {string}
                     */
                    type: "app-compss" | "app" | "infr";
                    /**
                     * @description Violations are counted inside it.
                     * @default 5m
                     */
                    window?: string | 0;
                };
            };
        };
        AgreementStatus: {
            budgetRemaining?: number;
            decision?: components["schemas"]["Decision"];
            /** @description RFC 3339 */
            evidenceAt?: string;
            guarantee: string;
            id: string;
            /** @constant */
            ineffective?: true;
            limit?: number;
            maxAllowed?: number;
            reason?: string;
            shows?: {
                [key: string]: number | string;
            };
            source?: string;
            /** @enum {string} */
            state: "met" | "violated" | "unknown" | "stopped" | "terminated";
            value?: number;
            violations?: number;
        };
        AgreementTemplate: {
            id: string;
        } & {
            [key: string]: unknown;
        };
        AgreementTemplateDocument: {
            /** @description For editors. */
            $schema?: string;
            /** @constant */
            apiVersion: "rotterdam.dev/v1alpha1";
            /** @constant */
            kind: "AgreementTemplate";
            metadata: {
                /** @default {} */
                annotations?: {
                    [key: string]: string;
                };
                name: string;
            };
            spec: {
                /** @description The spec of an Agreement. Any text in it may hold placeholders, `{{.task}}` or `{{.limits.latency}}`. */
                agreement: {
                    [key: string]: components["schemas"]["Json"];
                };
                description?: string;
            };
        };
        ClusterRequest: {
            apiport?: unknown;
            apiPort?: unknown;
            type: string;
        };
        Commit: {
            /** @description RFC 3339 */
            at: string;
            author: string;
            files: {
                lines?: {
                    /** @enum {string} */
                    mark: "-" | "+" | " " | "…";
                    text: string;
                }[];
                path: string;
            }[];
            id: string;
            message: string;
            subject: string;
            /** @description Where people see it. */
            url?: string;
        };
        Container: {
            args: string[];
            command: string[];
            environment: {
                name: string;
                value: string;
            }[];
            image: string;
            name: string;
            ports: {
                containerPort: number;
                hostPort: number;
                protocol: string;
            }[];
        };
        Decision: {
            /** @constant */
            kind: "hold";
            reason: string;
        } | {
            from: number;
            /** @constant */
            kind: "scale";
            limitedBy?: string;
            reason: string;
            to: number;
        };
        DecisionMade: {
            commit: {
                /** @description RFC 3339 */
                at: string;
                author?: string;
                id: string;
                subject?: string;
                /** @description Where people see it. */
                url?: string;
            };
            decision: {
                agreement: string;
                /**
                 * @description Of a scale-out that is to bring something: whether the promise was kept again in time; `open` while that is waited for.
                 * @enum {string}
                 */
                effect?: "met" | "none" | "open";
                evidence: {
                    /** @description RFC 3339 */
                    at: string;
                    compared?: string;
                    consumed: {
                        [key: string]: number;
                    };
                    limit: number;
                    source: string;
                    value: number;
                };
                /** @constant */
                fallback?: true;
                guarantee: string;
                id: string;
                limitedBy?: string;
                queries: string[];
                reason: string;
            };
            from: number;
            task: string;
            to: number;
        };
        Error: {
            caasversion: string;
            /** @description What is wrong in the body, or stands in the way, with its place. */
            issues?: components["schemas"]["Issue"][];
            message: string;
            method: string;
            /** @constant */
            resp: "error";
        };
        Function: {
            agreementId: string;
            clusterid: string;
            created: string;
            /** @constant */
            dbid: "Task";
            functionDefinition: {
                cluster: string;
                dock: string;
                function: string;
                functionType: string;
                handler: string;
                name: string;
                runtime: string;
                timeout: string;
                /** @constant */
                type: "function";
            };
            id: string;
            name: string;
            nameSpace: string;
            pods: unknown[];
            reason: string;
            replicas: number;
            status: string;
            /** @constant */
            type: "function";
            url: string;
        };
        FunctionDocument: {
            /** @description For editors. */
            $schema?: string;
            /** @constant */
            apiVersion: "rotterdam.dev/v1alpha1";
            /** @constant */
            kind: "Function";
            metadata: {
                /** @default {} */
                annotations?: {
                    [key: string]: string;
                };
                name: string;
            };
            spec: {
                dock?: string;
                /** @description module.function; default: the only function of the source. */
                handler?: string;
                infrastructure?: string;
                /** @description e.g. python3.11 */
                runtime: string;
                source: string;
                /**
                 * @description Seconds.
                 * @default 180
                 */
                timeout?: number;
            };
        };
        Infrastructure: {
            defaultDock: string;
            description: string;
            hostIP: string;
            hostPort: number;
            id: string;
            keyFile: string;
            kubernetesEndPoint: string;
            name: string;
            openshiftEndPoint: string;
            /** @description `***` where there is one. */
            openshiftOauthToken: string;
            /** @description `***` where there is one. */
            password: string;
            prometheusEndPoint: string;
            prometheusPushgatewayEndPoint: string;
            reason?: string;
            revision: string | null;
            slaliteEndPoint: string;
            so: string;
            /** @enum {string} */
            state: "ready" | "progressing" | "degraded" | "held" | "suspended" | "waiting" | "removing" | "unreachable" | "failed" | "unknown";
            /** @enum {string} */
            status: "" | "DEPLOYING" | "RUNNING" | "ERROR";
            /** @constant */
            tableid: "Infrastructure";
            /** @enum {string} */
            type: "Kubernetes" | "Openshift" | "MicroK8s";
            user: string;
        };
        InfrastructureDocument: {
            /** @description For editors. */
            $schema?: string;
            /** @constant */
            apiVersion: "rotterdam.dev/v1alpha1";
            /** @constant */
            kind: "Infrastructure";
            metadata: {
                /** @default {} */
                annotations?: {
                    [key: string]: string;
                };
                name: string;
            };
            spec: {
                /** @description Address under which tasks are reached. */
                address?: string;
                /** @description How to reach its API server. Without them nothing is applied there and its state is waiting. */
                credentials?: {
                    /** @description A kubeconfig: the file of this name in the secrets directory. */
                    secret: string;
                };
                /**
                 * @description Tasks that name no infrastructure go here.
                 * @default false
                 */
                default?: boolean;
                /** @description Tasks that name no dock go here. */
                defaultDock?: string;
                description?: string;
                /** @description The device itself, reached over SSH. */
                device?: {
                    /** @description A private key for SSH, by the name of its secret. */
                    credentials?: {
                        secret: string;
                    };
                    /**
                     * @description What is to be installed there. Nothing when absent.
                     * @enum {string}
                     */
                    install?: "microk8s";
                    /** @description e.g. ubuntu18 */
                    operatingSystem?: string;
                    /**
                     * @description Of SSH.
                     * @default 22
                     */
                    port?: number;
                    /** @description For SSH. */
                    user?: string;
                };
                /** @description Host names of tasks end in it. */
                domain?: string;
                /**
                 * @description How ports of tasks are reached from outside. `hostPort`: at the node that the pod runs on, so that a node has one pod of each port. `gateway`: at node ports that a machine outside the cluster, `address`, forwards.
                 * @default clusterIP
                 * @enum {string}
                 */
                expose?: "clusterIP" | "nodePort" | "loadBalancer" | "hostPort" | "gateway" | "externalIP" | "ingress";
                /** @description Name or address of the device, for SSH. */
                host?: string;
                /** @description Where its metrics are asked for. */
                prometheus?: {
                    /** Format: uri */
                    url: string;
                };
                /** @description Where its tasks push metrics; `embedded` is the controller's own push source. */
                pushgateway?: {
                    url: "embedded" | string;
                };
                /** @description Names of Sources that its metrics are asked for, in this order, after `pushgateway: embedded` and `prometheus`. */
                sources?: string[];
                /**
                 * @description Nothing is applied or deleted there, and the agreements of its tasks decide nothing.
                 * @default false
                 */
                suspend?: boolean;
                /** @description How its objects are kept as the documents say. */
                sync?: {
                    /**
                     * @description Percent of its objects that one revision may delete, beside any 3, without a word for it (`Rotterdam-Allow-Prune`).
                     * @default 30
                     */
                    maxPrune?: number;
                    /**
                     * @description What becomes of its objects when this document is removed. The last one counts.
                     * @default keep
                     * @enum {string}
                     */
                    onRemoval?: "keep" | "prune";
                    /** @description Field managers (as `managedFields` names them) whose fields are taken from them. Those of all others are left to them, and said. */
                    takeOver?: string[];
                };
                /**
                 * @description What runs there.
                 * @enum {string}
                 */
                type: "kubernetes" | "openshift" | "microk8s";
            };
        };
        Issue: {
            code: string;
            column: number;
            file: string;
            line: number;
            message: string;
            /** @enum {string} */
            severity: "error" | "warning";
        };
        Json: unknown;
        LongTask: {
            cluster?: string;
            containers: {
                args?: string[];
                command?: string[];
                /** @default [] */
                environment?: {
                    name: string;
                    value?: string;
                }[];
                image: string;
                name?: string;
                /** @default [] */
                ports?: {
                    containerPort: number;
                    hostPort?: number;
                    protocol?: string;
                }[];
                /** @default [] */
                volumes?: {
                    mounthPath?: string;
                    mountPath?: string;
                    name: string;
                }[];
            }[];
            created?: unknown;
            dock?: string;
            id?: unknown;
            name: string;
            qos?: {
                /** @enum {string} */
                action?: "" | "scale_out" | "scale_in" | "scale_up" | "scale_down";
                /** @enum {string} */
                comparator?: "" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "=";
                maxallowed?: number;
                maxreplicas?: number;
                metric?: string;
                minreplicas?: number;
                qosid?: string;
                scalefactor?: number;
                value?: number;
            }[] | {
                custom?: {
                    /** @enum {string} */
                    action?: "" | "scale_out" | "scale_in" | "scale_up" | "scale_down";
                    description?: string;
                    /** @default [] */
                    guarantees?: {
                        /** @enum {string} */
                        condition?: "" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "=";
                        metric: string;
                        value: number | string;
                    }[];
                    max?: number;
                    min?: number;
                    name?: string;
                    scalefactor?: number;
                    /** @enum {string} */
                    type?: "infr" | "task";
                }[];
                description?: string;
                name?: string;
            };
            qoscompss?: {
                /** @enum {string} */
                action?: "" | "scale_out" | "scale_in" | "scale_up" | "scale_down";
                /** @enum {string} */
                comparator?: "" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "=";
                maxallowed?: number;
                maxreplicas?: number;
                metric?: string;
                minreplicas?: number;
                qosid?: string;
                scalefactor?: number;
                value?: number;
            }[];
            replicas?: number;
            /** @enum {string} */
            type?: "" | "default" | "compss";
        };
        Message: {
            message: string;
        };
        OriginalFunction: {
            cluster?: string;
            created?: unknown;
            dock?: string;
            function: string;
            /** @enum {string} */
            functionType?: "" | "text";
            handler?: string;
            id?: unknown;
            name: string;
            replicas?: unknown;
            runtime: string;
            timeout?: number | string;
            /** @enum {string} */
            type?: "" | "function";
        };
        OriginalInfrastructure: {
            created?: unknown;
            defaultDock?: string;
            description?: string;
            hostIP?: string;
            hostPort?: number;
            id?: unknown;
            keyFile?: string;
            kubernetesEndPoint?: string;
            name: string;
            openshiftEndPoint?: string;
            openshiftOauthToken?: string | {
                secret: string;
            };
            password?: string | {
                secret: string;
            };
            prometheusEndPoint?: string;
            prometheusPushgatewayEndPoint?: string;
            slaliteEndPoint?: string;
            so?: string;
            status?: unknown;
            tableid?: unknown;
            type: string;
            user?: string;
        };
        OriginalQosDefinition: {
            /** @enum {string} */
            action?: "" | "scale_out" | "scale_in" | "scale_up" | "scale_down";
            guaranteeName: string;
            guarantees: {
                constraint: string;
                name: string;
            }[];
            maxAllowed?: number;
            maxReplicas?: number;
            minReplicas?: number;
            scaleFactor?: number;
            /** @enum {string} */
            type: "infr" | "app-compss" | "app";
        };
        Provider: {
            id: string;
            name: string;
        };
        QosDefinition: {
            action: string;
            guaranteeName: string;
            guarantees: {
                constraint: string;
                name: string;
            }[];
            maxAllowed: number;
            maxReplicas: number;
            minReplicas: number;
            scaleFactor?: number;
            type: string;
        };
        QosTemplateDocument: {
            /** @description For editors. */
            $schema?: string;
            /** @constant */
            apiVersion: "rotterdam.dev/v1alpha1";
            /** @constant */
            kind: "QosTemplate";
            metadata: {
                /** @default {} */
                annotations?: {
                    [key: string]: string;
                };
                name: string;
            };
            spec: {
                /**
                 * @description What is done when more than maxAllowed are violated: replicas × scaleFactor, ± `step`, or to `setTo`; `none` only reports. `target` scales by value ÷ targetValue, violated or not.
                 * @enum {string}
                 */
                action?: "scale_out" | "scale_in" | "target" | "step" | "set" | "none";
                /** @description How fast it scales, as a HorizontalPodAutoscaler's. */
                behavior?: {
                    /** @description When replicas are taken away. */
                    scaleIn?: {
                        /** @description How much may change within a period. Without any: as much as wanted. */
                        policies?: {
                            /** @description Decisions made within it count. */
                            period: string | 0;
                            /**
                             * @description What value counts: replicas, or percent of those at the beginning of the period.
                             * @enum {string}
                             */
                            type: "Pods" | "Percent";
                            value: number;
                        }[];
                        /**
                         * @description The policy that allows most or least; Disabled: not this way.
                         * @default Max
                         * @enum {string}
                         */
                        selectPolicy?: "Max" | "Min" | "Disabled";
                        /** @description The most careful replicas that were right at any time within it are taken. Default: 5m for target scaling in, else 0s. */
                        stabilizationWindow?: string | 0;
                        /** @description For target: part of targetValue by which the value may be off. Default: 0.1. */
                        tolerance?: number;
                    };
                    /** @description When replicas are added. */
                    scaleOut?: {
                        /** @description How much may change within a period. Without any: as much as wanted. */
                        policies?: {
                            /** @description Decisions made within it count. */
                            period: string | 0;
                            /**
                             * @description What value counts: replicas, or percent of those at the beginning of the period.
                             * @enum {string}
                             */
                            type: "Pods" | "Percent";
                            value: number;
                        }[];
                        /**
                         * @description The policy that allows most or least; Disabled: not this way.
                         * @default Max
                         * @enum {string}
                         */
                        selectPolicy?: "Max" | "Min" | "Disabled";
                        /** @description The most careful replicas that were right at any time within it are taken. Default: 5m for target scaling in, else 0s. */
                        stabilizationWindow?: string | 0;
                        /** @description For target: part of targetValue by which the value may be off. Default: 0.1. */
                        tolerance?: number;
                    };
                };
                /** @description Time after an action has settled before gauges are judged again. Default: 0s for counters, 60s for gauges. */
                cooldown?: string | 0;
                description?: string;
                /** @description What a scale-out is to take effect within: until then no other follows while a gauge is violated, and one that had none counts. */
                expectWithin?: string | 0;
                guarantees: {
                    /**
                     * @description How several series become one value.
                     * @default sum
                     * @enum {string}
                     */
                    aggregate?: "sum" | "max" | "min" | "avg";
                    /** @description The `query` gives a series for each task: this label's value is its id. One query for all of them. */
                    by?: string;
                    /** @description The condition that must hold, e.g. `deadlines_missed < 1`. */
                    constraint: string;
                    /** @description What is fallen back to. It never takes replicas away. */
                    fallback?: {
                        /**
                         * @description How long nothing must have been known.
                         * @default 3m
                         */
                        after?: string | 0;
                        /** @description So many; `current` leaves them as they are. */
                        replicas: number | "current";
                    };
                    /**
                     * @description Default: counter for app-compss, gauge for app and infr.
                     * @enum {string}
                     */
                    kind?: "counter" | "gauge";
                    /** @description Samples that are older are no evidence. Default: two evaluation periods and the scrape interval. */
                    maxAge?: string | 0;
                    /** @description Tells guarantees of a template apart. */
                    name: string;
                    /**
                     * @description What is done while its value is unknown: nothing, or after a while what `fallback` says. Default: hold.
                     * @enum {string}
                     */
                    onUnknown?: "hold" | "fallback";
                    /** @description What a violation costs. */
                    penalties?: {
                        /** @description e.g. discount */
                        type: string;
                        /**
                         * @description e.g. % or EUR
                         * @default
                         */
                        unit?: string;
                        /** @description A number, also written as text. */
                        value: number | string;
                    }[];
                    /** @description PromQL that gives one value, with $task, $dock and $infrastructure. */
                    query?: string;
                    /** @description Name of the Source that is asked. Default: those of the task's infrastructure. */
                    source?: string;
                }[];
                /** @description Where there is not room for all, the more important is served first, then the one whose violation costs more. Default: 1. */
                importance?: number;
                /** @description With expectWithin: after so many actions in a row without effect it scales no more. Default: 3. */
                ineffectiveAfter?: number;
                /** @description Violations within the window that are let pass. */
                maxAllowed?: number;
                /** @description No action goes above. */
                maxReplicas?: number;
                /** @description No action goes below. */
                minReplicas?: number;
                /** @description How much of the time it is to be kept: recording rules and burn-rate alerts are generated for it, and its budget is shown. */
                objective?: {
                    /** @description Share of the time in which the guarantees hold, e.g. 99.9%. */
                    target: number | string;
                    /**
                     * @description Of the last so many days.
                     * @default 30d
                     */
                    window?: string | 0;
                };
                /** @description For scale_out and scale_in: replicas are multiplied by it, above 1 to scale out, below to scale in. */
                scaleFactor?: number;
                /** @description For set: the replicas. */
                setTo?: number;
                /** @description For step: replicas are changed by it; below 0 it scales in. */
                step?: number;
                /** @description For target: the value that so many replicas are wanted for. Gauges only. */
                targetValue?: number;
                /**
                 * @description What is measured: a COMPSs workflow, another task, or the infrastructure of the task.
                 * @enum {string}
                 */
                type: "app-compss" | "app" | "infr";
                /**
                 * @description Violations are counted inside it.
                 * @default 5m
                 */
                window?: string | 0;
            };
        };
        SimpleTask: {
            args?: string[];
            cluster?: string;
            command?: string[];
            created?: unknown;
            dock?: string;
            id?: unknown;
            image: string;
            name: string;
            /** @default [] */
            ports?: number[];
            qos?: {
                /** @enum {string} */
                action?: "" | "scale_out" | "scale_in" | "scale_up" | "scale_down";
                /** @enum {string} */
                comparator?: "" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "=";
                maxallowed?: number;
                maxreplicas?: number;
                metric?: string;
                minreplicas?: number;
                qosid?: string;
                scalefactor?: number;
                value?: number;
            }[] | {
                custom?: {
                    /** @enum {string} */
                    action?: "" | "scale_out" | "scale_in" | "scale_up" | "scale_down";
                    description?: string;
                    /** @default [] */
                    guarantees?: {
                        /** @enum {string} */
                        condition?: "" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "=";
                        metric: string;
                        value: number | string;
                    }[];
                    max?: number;
                    min?: number;
                    name?: string;
                    scalefactor?: number;
                    /** @enum {string} */
                    type?: "infr" | "task";
                }[];
                description?: string;
                name?: string;
            };
            qoscompss?: {
                /** @enum {string} */
                action?: "" | "scale_out" | "scale_in" | "scale_up" | "scale_down";
                /** @enum {string} */
                comparator?: "" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "=";
                maxallowed?: number;
                maxreplicas?: number;
                metric?: string;
                minreplicas?: number;
                qosid?: string;
                scalefactor?: number;
                value?: number;
            }[];
            replicas?: number;
            /** @enum {string} */
            type?: "" | "default" | "compss";
        };
        SlaAgreement: {
            assessment?: unknown;
            details: {
                client: {
                    id: string;
                    name: string;
                };
                creation?: unknown;
                /** Format: date-time */
                expiration?: string;
                guarantees: {
                    constraint: string;
                    name: string;
                    penalties?: {
                        /** @description e.g. discount */
                        type: string;
                        /**
                         * @description e.g. % or EUR
                         * @default
                         */
                        unit?: string;
                        /** @description A number, also written as text. */
                        value: number | string;
                    }[];
                    schedule?: unknown;
                    scope?: unknown;
                    warning?: unknown;
                }[];
                id?: string;
                name?: string;
                provider: {
                    id: string;
                    name: string;
                };
                /** @constant */
                type?: "agreement";
                /** @default [] */
                variables?: {
                    aggregation?: {
                        type: string;
                        /** @default 0 */
                        window?: number;
                    };
                    metric: string;
                    name: string;
                }[];
            };
            id: string;
            location?: unknown;
            name: string;
            /**
             * @default started
             * @enum {string}
             */
            state?: "started" | "stopped" | "terminated";
        };
        SlaError: {
            code: string;
            issues?: components["schemas"]["Issue"][];
            message: string;
        };
        SlaTemplate: {
            details: {
                /** @constant */
                type: "template";
            } & {
                [key: string]: unknown;
            };
            id: string;
            name: string;
        };
        Story: {
            /** @description Newest first. */
            actions: {
                commit: {
                    /** @description RFC 3339 */
                    at: string;
                    author?: string;
                    id: string;
                    subject?: string;
                    /** @description Where people see it. */
                    url?: string;
                };
                decision?: {
                    agreement: string;
                    /**
                     * @description Of a scale-out that is to bring something: whether the promise was kept again in time; `open` while that is waited for.
                     * @enum {string}
                     */
                    effect?: "met" | "none" | "open";
                    evidence: {
                        /** @description RFC 3339 */
                        at: string;
                        compared?: string;
                        consumed: {
                            [key: string]: number;
                        };
                        limit: number;
                        source: string;
                        value: number;
                    };
                    /** @constant */
                    fallback?: true;
                    guarantee: string;
                    id: string;
                    limitedBy?: string;
                    queries: string[];
                    reason: string;
                };
                from: number;
                to: number;
            }[];
            /** @description RFC 3339 */
            at: string;
            decision?: components["schemas"]["Decision"];
            /** @description `file:line:column` */
            declaredAt: string;
            environment: string;
            idle: {
                agreement: string;
                reason: string;
                /** @enum {string} */
                state: "stopped" | "terminated";
            }[];
            promises: {
                agreement: string;
                /** @description What is done when it doesn't. */
                answer: string;
                decision: components["schemas"]["Decision"];
                evidence?: {
                    /** @description RFC 3339 */
                    at: string;
                    compared?: string;
                    limit: number;
                    source: string;
                    value: number;
                };
                guarantee: string;
                /** @enum {string} */
                kind: "counter" | "gauge";
                /** @description The condition that must hold. */
                promise: string;
                queries: string[];
                reason?: string;
                series: number;
                since?: {
                    /** @description RFC 3339 */
                    at: string;
                    commit: string;
                };
                /** @enum {string} */
                verdict: "met" | "violated" | "unknown";
                violations: number;
            }[];
            replicas: number;
            revision: string;
            rollout: {
                applied?: string;
                desired?: number;
                failed?: string;
                health: string;
                infrastructure: string;
                ready?: number;
                /** @description RFC 3339 */
                since?: string;
            }[];
            task: string;
        };
        Task: {
            /** @description The first of its agreements, or NO_SLA. */
            agreementId: string;
            clusterid: string;
            clusterId: string;
            /** @description A COMPSs workflow in the simple format, where that can say all of it. */
            compssTaskDefinition: {
                args?: string[];
                cluster?: string;
                command?: string[];
                dock?: string;
                image?: string;
                name?: string;
                ports?: number[];
                qos?: {
                    action?: string;
                    comparator?: string;
                    maxallowed?: number;
                    maxreplicas?: number;
                    metric?: string;
                    minreplicas?: number;
                    qosid: string;
                    scalefactor?: number;
                    value?: number;
                }[];
                replicas?: number;
                /** @constant */
                type?: "compss";
            };
            containers: components["schemas"]["Container"][];
            created: string;
            /** @constant */
            dbid: "Task";
            deployment: string;
            description: string;
            dock: string;
            functionDefinition: Record<string, never>;
            health: string;
            id: string;
            name: string;
            nameSpace: string;
            /** @description All of a COMPSs task's workers, ready; none before. */
            pods: components["schemas"]["Worker"][];
            readyReplicas: number;
            reason?: string;
            replicas: number;
            /** @description A commit. */
            revision: string;
            status: string;
            taskDefinition: {
                cluster: string;
                containers: components["schemas"]["Container"][];
                dock: string;
                name: string;
                /** @description The first template, as COMPSs reads it. */
                qos?: {
                    description: string;
                    name: string;
                };
                /** @description The other templates. */
                qoscompss: {
                    action?: string;
                    comparator?: string;
                    maxallowed?: number;
                    maxreplicas?: number;
                    metric?: string;
                    minreplicas?: number;
                    qosid: string;
                    scalefactor?: number;
                    value?: number;
                }[];
                replicas: number;
                type: string;
            };
            type: string;
            url: string;
        };
        TaskDocument: {
            /** @description For editors. */
            $schema?: string;
            /** @constant */
            apiVersion: "rotterdam.dev/v1alpha1";
            /** @constant */
            kind: "Task";
            metadata: {
                /** @default {} */
                annotations?: {
                    [key: string]: string;
                };
                name: string;
            };
            spec: {
                containers: {
                    args?: string[];
                    command?: string[];
                    /** @default [] */
                    env?: ({
                        name: string;
                        value: string;
                    } | {
                        name: string;
                        /** @description A key of a Secret in the dock. */
                        secret: {
                            key: string;
                            name: string;
                            optional?: boolean;
                        };
                    } | {
                        /** @description A key of a ConfigMap in the dock. */
                        configMap: {
                            key: string;
                            name: string;
                            optional?: boolean;
                        };
                        name: string;
                    } | {
                        /** @description A field of the pod, e.g. 'status.podIP'. */
                        field: string;
                        name: string;
                    })[];
                    image: string;
                    /** @enum {string} */
                    imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
                    livenessProbe?: {
                        exec?: {
                            command: string[];
                        };
                        failureThreshold?: number;
                        httpGet?: {
                            /** @default / */
                            path?: string;
                            port: number | string;
                            /** @enum {string} */
                            scheme?: "HTTP" | "HTTPS";
                        };
                        initialDelaySeconds?: number;
                        periodSeconds?: number;
                        successThreshold?: number;
                        tcpSocket?: {
                            port: number | string;
                        };
                        timeoutSeconds?: number;
                    };
                    /** @description Default: the task's name. */
                    name?: string;
                    /** @default [] */
                    ports?: {
                        containerPort: number;
                        /** @description A host name that leads to this port: a Route on OpenShift, an Ingress elsewhere. */
                        host?: string;
                        /** @description The port that the task is reached under: its Service's port, and one of its pods' nodes where the infrastructure says `expose: hostPort`. Default: containerPort. */
                        hostPort?: number;
                        name?: string;
                        /**
                         * @default TCP
                         * @enum {string}
                         */
                        protocol?: "TCP" | "UDP" | "SCTP";
                    }[];
                    readinessProbe?: {
                        exec?: {
                            command: string[];
                        };
                        failureThreshold?: number;
                        httpGet?: {
                            /** @default / */
                            path?: string;
                            port: number | string;
                            /** @enum {string} */
                            scheme?: "HTTP" | "HTTPS";
                        };
                        initialDelaySeconds?: number;
                        periodSeconds?: number;
                        successThreshold?: number;
                        tcpSocket?: {
                            port: number | string;
                        };
                        timeoutSeconds?: number;
                    };
                    resources?: {
                        limits?: {
                            [key: string]: string | number;
                        };
                        requests?: {
                            [key: string]: string | number;
                        };
                    };
                    startupProbe?: {
                        exec?: {
                            command: string[];
                        };
                        failureThreshold?: number;
                        httpGet?: {
                            /** @default / */
                            path?: string;
                            port: number | string;
                            /** @enum {string} */
                            scheme?: "HTTP" | "HTTPS";
                        };
                        initialDelaySeconds?: number;
                        periodSeconds?: number;
                        successThreshold?: number;
                        tcpSocket?: {
                            port: number | string;
                        };
                        timeoutSeconds?: number;
                    };
                    /** @default [] */
                    volumes?: {
                        /** @description Name of a ConfigMap in the dock. */
                        configMap?: string;
                        emptyDir?: {
                            /** @enum {string} */
                            medium?: "" | "Memory";
                            sizeLimit?: string | number;
                        };
                        mountPath: string;
                        name: string;
                        /** @description Name of a PersistentVolumeClaim in the dock. */
                        persistentVolumeClaim?: string;
                        readOnly?: boolean;
                        /** @description Name of a Secret in the dock. */
                        secret?: string;
                        subPath?: string;
                    }[];
                }[];
                /** @description Default: the infrastructure's defaultDock. */
                dock?: string;
                /** @description How long a change may take until its pods are ready; from then on the task is degraded. Default: 10m. */
                healthTimeout?: string;
                /** @default [] */
                imagePullSecrets?: string[];
                /** @description Default: the one marked `default`. */
                infrastructure?: string;
                /** @description In place of `infrastructure`: the same objects, with as many replicas, on each. */
                infrastructures?: string[];
                nodeSelector?: {
                    [key: string]: string;
                };
                /**
                 * @description Names of QosTemplates that the task is bound to.
                 * @default []
                 */
                qos?: string[];
                /** @default 1 */
                replicas?: number;
                /**
                 * @description `ordered`: a change goes on to the next of `infrastructures` when the task runs as wanted on those before. Default: `parallel`.
                 * @enum {string}
                 */
                rollout?: "parallel" | "ordered";
                /**
                 * @description Pod security level that the pod template passes.
                 * @default restricted
                 * @enum {string}
                 */
                security?: "restricted" | "baseline" | "privileged";
                /**
                 * @description Its objects are left as they are, neither applied nor deleted, and its agreements decide nothing.
                 * @default false
                 */
                suspend?: boolean;
                /** @default [] */
                tolerations?: {
                    /** @enum {string} */
                    effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
                    key?: string;
                    /** @enum {string} */
                    operator?: "Exists" | "Equal";
                    tolerationSeconds?: number;
                    value?: string;
                }[];
                /**
                 * @description `compss`: replicas are workers of a COMPSs master, with stable names.
                 * @default default
                 * @enum {string}
                 */
                type?: "default" | "compss";
            };
        };
        TaskStatus: {
            agreements: components["schemas"]["AgreementStatus"][];
            decision?: components["schemas"]["Decision"];
            dock: string;
            health: string;
            id: string;
            infrastructure: string;
            infrastructures?: {
                health: string;
                name: string;
                ready: number;
                reason?: string;
            }[];
            name: string;
            reason?: string;
            replicas: {
                desired: number;
                ready: number;
            };
            scaledBy?: string;
            url?: string;
            workers?: components["schemas"]["Worker"][];
        };
        Worker: {
            hostIp: string;
            /** @description Where a master reaches it. */
            ip: string;
            name: string;
            podIp: string;
            port: number;
            protocol: string;
            status: string;
            targetPort: number;
        };
    };
    responses: {
        /** @description Wrong: the message says what */
        Error400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not who is known here: give a token */
        Error401: {
            headers: {
                /** @description `Bearer` */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Refused: by the repository, or for want of a right */
        Error403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no such thing */
        Error404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Other documents stand in the way */
        Error409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The original had it, and it is not here: the message says what is */
        Error410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Stale: it has changed since */
        Error412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too large */
        Error413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Of another type than is read here */
        Error415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too often */
        Error429: {
            headers: {
                /** @description Seconds. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not now: `Retry-After` */
        Error503: {
            headers: {
                /** @description Seconds. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Wrong: the message says what */
        Message400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Not who is known here: give a token */
        Message401: {
            headers: {
                /** @description `Bearer` */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Refused: by the repository, or for want of a right */
        Message403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description There is no such thing */
        Message404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Other documents stand in the way */
        Message409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description The original had it, and it is not here: the message says what is */
        Message410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Stale: it has changed since */
        Message412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Too large */
        Message413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Of another type than is read here */
        Message415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Too often */
        Message429: {
            headers: {
                /** @description Seconds. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Not now: `Retry-After` */
        Message503: {
            headers: {
                /** @description Seconds. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Wrong: the message says what */
        SlaError400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Not who is known here: give a token */
        SlaError401: {
            headers: {
                /** @description `Bearer` */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Refused: by the repository, or for want of a right */
        SlaError403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description There is no such thing */
        SlaError404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Other documents stand in the way */
        SlaError409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description The original had it, and it is not here: the message says what is */
        SlaError410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Stale: it has changed since */
        SlaError412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Too large */
        SlaError413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Of another type than is read here */
        SlaError415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Too often */
        SlaError429: {
            headers: {
                /** @description Seconds. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
        /** @description Not now: `Retry-After` */
        SlaError503: {
            headers: {
                /** @description Seconds. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SlaError"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Agreement = components['schemas']['Agreement'];
export type AgreementDetails = components['schemas']['AgreementDetails'];
export type AgreementDocument = components['schemas']['AgreementDocument'];
export type AgreementStatus = components['schemas']['AgreementStatus'];
export type AgreementTemplate = components['schemas']['AgreementTemplate'];
export type AgreementTemplateDocument = components['schemas']['AgreementTemplateDocument'];
export type ClusterRequest = components['schemas']['ClusterRequest'];
export type Commit = components['schemas']['Commit'];
export type Container = components['schemas']['Container'];
export type Decision = components['schemas']['Decision'];
export type DecisionMade = components['schemas']['DecisionMade'];
export type Error = components['schemas']['Error'];
export type Function = components['schemas']['Function'];
export type FunctionDocument = components['schemas']['FunctionDocument'];
export type Infrastructure = components['schemas']['Infrastructure'];
export type InfrastructureDocument = components['schemas']['InfrastructureDocument'];
export type Issue = components['schemas']['Issue'];
export type Json = components['schemas']['Json'];
export type LongTask = components['schemas']['LongTask'];
export type Message = components['schemas']['Message'];
export type OriginalFunction = components['schemas']['OriginalFunction'];
export type OriginalInfrastructure = components['schemas']['OriginalInfrastructure'];
export type OriginalQosDefinition = components['schemas']['OriginalQosDefinition'];
export type Provider = components['schemas']['Provider'];
export type QosDefinition = components['schemas']['QosDefinition'];
export type QosTemplateDocument = components['schemas']['QosTemplateDocument'];
export type SimpleTask = components['schemas']['SimpleTask'];
export type SlaAgreement = components['schemas']['SlaAgreement'];
export type SlaError = components['schemas']['SlaError'];
export type SlaTemplate = components['schemas']['SlaTemplate'];
export type Story = components['schemas']['Story'];
export type Task = components['schemas']['Task'];
export type TaskDocument = components['schemas']['TaskDocument'];
export type TaskStatus = components['schemas']['TaskStatus'];
export type Worker = components['schemas']['Worker'];
export type ResponseError400 = components['responses']['Error400'];
export type ResponseError401 = components['responses']['Error401'];
export type ResponseError403 = components['responses']['Error403'];
export type ResponseError404 = components['responses']['Error404'];
export type ResponseError409 = components['responses']['Error409'];
export type ResponseError410 = components['responses']['Error410'];
export type ResponseError412 = components['responses']['Error412'];
export type ResponseError413 = components['responses']['Error413'];
export type ResponseError415 = components['responses']['Error415'];
export type ResponseError429 = components['responses']['Error429'];
export type ResponseError503 = components['responses']['Error503'];
export type ResponseMessage400 = components['responses']['Message400'];
export type ResponseMessage401 = components['responses']['Message401'];
export type ResponseMessage403 = components['responses']['Message403'];
export type ResponseMessage404 = components['responses']['Message404'];
export type ResponseMessage409 = components['responses']['Message409'];
export type ResponseMessage410 = components['responses']['Message410'];
export type ResponseMessage412 = components['responses']['Message412'];
export type ResponseMessage413 = components['responses']['Message413'];
export type ResponseMessage415 = components['responses']['Message415'];
export type ResponseMessage429 = components['responses']['Message429'];
export type ResponseMessage503 = components['responses']['Message503'];
export type ResponseSlaError400 = components['responses']['SlaError400'];
export type ResponseSlaError401 = components['responses']['SlaError401'];
export type ResponseSlaError403 = components['responses']['SlaError403'];
export type ResponseSlaError404 = components['responses']['SlaError404'];
export type ResponseSlaError409 = components['responses']['SlaError409'];
export type ResponseSlaError410 = components['responses']['SlaError410'];
export type ResponseSlaError412 = components['responses']['SlaError412'];
export type ResponseSlaError413 = components['responses']['SlaError413'];
export type ResponseSlaError415 = components['responses']['SlaError415'];
export type ResponseSlaError429 = components['responses']['SlaError429'];
export type ResponseSlaError503 = components['responses']['SlaError503'];
export type $defs = Record<string, never>;
export interface operations {
    getStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        faasversion: string;
                        imec: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        rulesengineversion: string;
                        slalite: string;
                    };
                };
            };
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
        };
    };
    getCaaSConfiguration: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        content: {
                            CaaSVersion: string;
                            Clusters: {
                                DefaultDock: string;
                                Description: string;
                                HostIP: string;
                                HostPort: number;
                                ID: string;
                                KeyFile: string;
                                KubernetesEndPoint: string;
                                Name: string;
                                OpenshiftEndPoint: string;
                                OpenshiftOauthToken: string;
                                Password: string;
                                PrometheusEndPoint: string;
                                PrometheusPushgatewayEndPoint: string;
                                SLALiteEndPoint: string;
                                SO: string;
                                Type: string;
                                User: string;
                            }[];
                            FaaSVersion: string;
                            IMECVersion: string;
                            RestApiVersion: string;
                            RulesEngineVersion: string;
                            ServerPort: number;
                            SLALiteVersion: string;
                            SLAs: {
                                CreationDate: string;
                                DefaultInfrQoSRule: string;
                                ExpirationDate: string;
                            };
                            Tasks: {
                                Action: string;
                                Comparator: string;
                                MaxAllowed: number;
                                MaxReplicas: number;
                                MinReplicas: number;
                                ScaleFactor: number;
                                Value: number;
                            };
                        };
                        faasversion: string;
                        imec: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        rulesengineversion: string;
                        slalite: string;
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getCommit: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        commit: components["schemas"]["Commit"];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getConfiguration: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        content: {
                            CaaSVersion: string;
                            Clusters: {
                                DefaultDock: string;
                                Description: string;
                                HostIP: string;
                                HostPort: number;
                                ID: string;
                                KeyFile: string;
                                KubernetesEndPoint: string;
                                Name: string;
                                OpenshiftEndPoint: string;
                                OpenshiftOauthToken: string;
                                Password: string;
                                PrometheusEndPoint: string;
                                PrometheusPushgatewayEndPoint: string;
                                SLALiteEndPoint: string;
                                SO: string;
                                Type: string;
                                User: string;
                            }[];
                            FaaSVersion: string;
                            IMECVersion: string;
                            RestApiVersion: string;
                            RulesEngineVersion: string;
                            ServerPort: number;
                            SLALiteVersion: string;
                            SLAs: {
                                CreationDate: string;
                                DefaultInfrQoSRule: string;
                                ExpirationDate: string;
                            };
                            Tasks: {
                                Action: string;
                                Comparator: string;
                                MaxAllowed: number;
                                MaxReplicas: number;
                                MinReplicas: number;
                                ScaleFactor: number;
                                Value: number;
                            };
                        };
                        faasversion: string;
                        imec: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        rulesengineversion: string;
                        slalite: string;
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    updateConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    Tasks?: {
                        Action?: string;
                        Comparator?: string;
                        MaxAllowed?: number;
                        MaxReplicas?: number;
                        MinReplicas?: number;
                        ScaleFactor?: number;
                        Value?: number;
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        content: {
                            CaaSVersion: string;
                            Clusters: {
                                DefaultDock: string;
                                Description: string;
                                HostIP: string;
                                HostPort: number;
                                ID: string;
                                KeyFile: string;
                                KubernetesEndPoint: string;
                                Name: string;
                                OpenshiftEndPoint: string;
                                OpenshiftOauthToken: string;
                                Password: string;
                                PrometheusEndPoint: string;
                                PrometheusPushgatewayEndPoint: string;
                                SLALiteEndPoint: string;
                                SO: string;
                                Type: string;
                                User: string;
                            }[];
                            FaaSVersion: string;
                            IMECVersion: string;
                            RestApiVersion: string;
                            RulesEngineVersion: string;
                            ServerPort: number;
                            SLALiteVersion: string;
                            SLAs: {
                                CreationDate: string;
                                DefaultInfrQoSRule: string;
                                ExpirationDate: string;
                            };
                            Tasks: {
                                Action: string;
                                Comparator: string;
                                MaxAllowed: number;
                                MaxReplicas: number;
                                MinReplicas: number;
                                ScaleFactor: number;
                                Value: number;
                            };
                        };
                        faasversion: string;
                        imec: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        /** @description A commit. */
                        revision: string;
                        rulesengineversion: string;
                        slalite: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        content: {
                            CaaSVersion: string;
                            Clusters: {
                                DefaultDock: string;
                                Description: string;
                                HostIP: string;
                                HostPort: number;
                                ID: string;
                                KeyFile: string;
                                KubernetesEndPoint: string;
                                Name: string;
                                OpenshiftEndPoint: string;
                                OpenshiftOauthToken: string;
                                Password: string;
                                PrometheusEndPoint: string;
                                PrometheusPushgatewayEndPoint: string;
                                SLALiteEndPoint: string;
                                SO: string;
                                Type: string;
                                User: string;
                            }[];
                            FaaSVersion: string;
                            IMECVersion: string;
                            RestApiVersion: string;
                            RulesEngineVersion: string;
                            ServerPort: number;
                            SLALiteVersion: string;
                            SLAs: {
                                CreationDate: string;
                                DefaultInfrQoSRule: string;
                                ExpirationDate: string;
                            };
                            Tasks: {
                                Action: string;
                                Comparator: string;
                                MaxAllowed: number;
                                MaxReplicas: number;
                                MinReplicas: number;
                                ScaleFactor: number;
                                Value: number;
                            };
                        };
                        faasversion: string;
                        imec: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        /** @description A commit. */
                        revision: string;
                        rulesengineversion: string;
                        slalite: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getDecisions: {
        parameters: {
            query?: {
                limit?: number;
                task?: string;
            };
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        decisions: components["schemas"]["DecisionMade"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getDocks: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        docks: {
                            declared: boolean;
                            infrastructures: string[];
                            labels: {
                                [key: string]: string;
                            };
                            name: string;
                            quota?: {
                                [key: string]: unknown;
                            };
                            tasks: string[];
                        }[];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getDock: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                dock: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        dock: {
                            declared: boolean;
                            infrastructures: string[];
                            labels: {
                                [key: string]: string;
                            };
                            name: string;
                            quota?: {
                                [key: string]: unknown;
                            };
                            tasks: string[];
                        };
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getDockTasks: {
        parameters: {
            query?: {
                /** @description `id,replicas`: the others are left out. One that no task has: 400. */
                fields?: string;
                infrastructure?: string;
                limit?: number;
                offset?: number;
                /** @description Health: ready, progressing, failed …; or the original's Deployed, Deploying. Another: 400. */
                state?: string;
            };
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                dock: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        tasks: {
                            /** @description The first of its agreements, or NO_SLA. */
                            agreementId?: string;
                            clusterid?: string;
                            clusterId?: string;
                            /** @description A COMPSs workflow in the simple format, where that can say all of it. */
                            compssTaskDefinition?: {
                                args?: string[];
                                cluster?: string;
                                command?: string[];
                                dock?: string;
                                image?: string;
                                name?: string;
                                ports?: number[];
                                qos?: {
                                    action?: string;
                                    comparator?: string;
                                    maxallowed?: number;
                                    maxreplicas?: number;
                                    metric?: string;
                                    minreplicas?: number;
                                    qosid: string;
                                    scalefactor?: number;
                                    value?: number;
                                }[];
                                replicas?: number;
                                /** @constant */
                                type?: "compss";
                            };
                            containers?: components["schemas"]["Container"][];
                            created?: string;
                            /** @constant */
                            dbid?: "Task";
                            deployment?: string;
                            description?: string;
                            dock?: string;
                            functionDefinition?: Record<string, never>;
                            health?: string;
                            id?: string;
                            name?: string;
                            nameSpace?: string;
                            /** @description All of a COMPSs task's workers, ready; none before. */
                            pods?: components["schemas"]["Worker"][];
                            readyReplicas?: number;
                            reason?: string;
                            replicas?: number;
                            /** @description A commit. */
                            revision?: string;
                            status?: string;
                            taskDefinition?: {
                                cluster: string;
                                containers: components["schemas"]["Container"][];
                                dock: string;
                                name: string;
                                /** @description The first template, as COMPSs reads it. */
                                qos?: {
                                    description: string;
                                    name: string;
                                };
                                /** @description The other templates. */
                                qoscompss: {
                                    action?: string;
                                    comparator?: string;
                                    maxallowed?: number;
                                    maxreplicas?: number;
                                    metric?: string;
                                    minreplicas?: number;
                                    qosid: string;
                                    scalefactor?: number;
                                    value?: number;
                                }[];
                                replicas: number;
                                type: string;
                            };
                            type?: string;
                            url?: string;
                        }[];
                        /** @description With those of other pages. */
                        total: number;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                dock: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        task: components["schemas"]["Task"];
                        url: string;
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    updateTask: {
        parameters: {
            query?: {
                /** @description At most 10m. Default: 60s. */
                timeout?: string;
                /** @description Answers when it is applied and ready, or when the time is over. */
                wait?: "ready";
            };
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                dock: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LongTask"] | components["schemas"]["SimpleTask"] | components["schemas"]["TaskDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    deleteTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                dock: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        /** @constant */
                        content: "ok";
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        /** @constant */
                        content: "ok";
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getTaskContainers: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                dock: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        containers: components["schemas"]["Container"][];
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getAllTasks: {
        parameters: {
            query?: {
                dock?: string;
                /** @description `id,replicas`: the others are left out. One that no task has: 400. */
                fields?: string;
                infrastructure?: string;
                limit?: number;
                offset?: number;
                /** @description Health: ready, progressing, failed …; or the original's Deployed, Deploying. Another: 400. */
                state?: string;
            };
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        tasks: {
                            /** @description The first of its agreements, or NO_SLA. */
                            agreementId?: string;
                            clusterid?: string;
                            clusterId?: string;
                            /** @description A COMPSs workflow in the simple format, where that can say all of it. */
                            compssTaskDefinition?: {
                                args?: string[];
                                cluster?: string;
                                command?: string[];
                                dock?: string;
                                image?: string;
                                name?: string;
                                ports?: number[];
                                qos?: {
                                    action?: string;
                                    comparator?: string;
                                    maxallowed?: number;
                                    maxreplicas?: number;
                                    metric?: string;
                                    minreplicas?: number;
                                    qosid: string;
                                    scalefactor?: number;
                                    value?: number;
                                }[];
                                replicas?: number;
                                /** @constant */
                                type?: "compss";
                            };
                            containers?: components["schemas"]["Container"][];
                            created?: string;
                            /** @constant */
                            dbid?: "Task";
                            deployment?: string;
                            description?: string;
                            dock?: string;
                            functionDefinition?: Record<string, never>;
                            health?: string;
                            id?: string;
                            name?: string;
                            nameSpace?: string;
                            /** @description All of a COMPSs task's workers, ready; none before. */
                            pods?: components["schemas"]["Worker"][];
                            readyReplicas?: number;
                            reason?: string;
                            replicas?: number;
                            /** @description A commit. */
                            revision?: string;
                            status?: string;
                            taskDefinition?: {
                                cluster: string;
                                containers: components["schemas"]["Container"][];
                                dock: string;
                                name: string;
                                /** @description The first template, as COMPSs reads it. */
                                qos?: {
                                    description: string;
                                    name: string;
                                };
                                /** @description The other templates. */
                                qoscompss: {
                                    action?: string;
                                    comparator?: string;
                                    maxallowed?: number;
                                    maxreplicas?: number;
                                    metric?: string;
                                    minreplicas?: number;
                                    qosid: string;
                                    scalefactor?: number;
                                    value?: number;
                                }[];
                                replicas: number;
                                type: string;
                            };
                            type?: string;
                            url?: string;
                        }[];
                        /** @description With those of other pages. */
                        total: number;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    createTask: {
        parameters: {
            query?: {
                /** @description At most 10m. Default: 60s. */
                timeout?: string;
                /** @description Answers when it is applied and ready, or when the time is over. */
                wait?: "ready";
            };
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LongTask"] | components["schemas"]["SimpleTask"] | components["schemas"]["TaskDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    createCompssTask: {
        parameters: {
            query?: {
                /** @description At most 10m. Default: 60s. */
                timeout?: string;
                /** @description Answers when it is applied and ready, or when the time is over. */
                wait?: "ready";
            };
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LongTask"] | components["schemas"]["SimpleTask"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    GetAllTasksQoS: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        tasksqos: {
                            action: string;
                            /** @constant */
                            dbid: "QoS";
                            guarantee: string;
                            id: string;
                            idtask: string;
                            maxallowed: number;
                            maxreplicas: number;
                            minreplicas: number;
                            scalefactor?: number;
                            state: string;
                            type: string;
                        }[];
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getEvents: {
        parameters: {
            query?: {
                /** @description Begins with so many of those that are kept. */
                kept?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
        };
    };
    getAllFunctions: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        faasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        tasks: components["schemas"]["Function"][];
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    createFunction: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OriginalFunction"] | components["schemas"]["FunctionDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        faasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Function"];
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        faasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Function"];
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getFunction: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        faasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        task: components["schemas"]["Function"];
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    callFunction: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            413: components["responses"]["Error413"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    deleteFunction: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        /** @constant */
                        content: "ok";
                        faasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        /** @constant */
                        content: "ok";
                        faasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    pushHook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Message403"];
            404: components["responses"]["Message404"];
            409: components["responses"]["Message409"];
            413: components["responses"]["Message413"];
            415: components["responses"]["Message415"];
            429: components["responses"]["Message429"];
            503: components["responses"]["Message503"];
        };
    };
    getAllInfrastructures: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        imecversion: string;
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    createInfrastructure: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OriginalInfrastructure"] | components["schemas"]["InfrastructureDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getInfrastructure: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    updateInfrastructure: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OriginalInfrastructure"] | components["schemas"]["InfrastructureDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    deleteInfrastructure: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getInfrastructureCluster: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        cluster: {
                            reason: string;
                            /** @enum {string} */
                            state: "waiting" | "none";
                            type: string;
                        };
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    createInfrastructureCluster: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        cluster: {
                            reason: string;
                            /** @enum {string} */
                            state: "waiting" | "none";
                            type: string;
                        };
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        cluster: {
                            reason: string;
                            /** @enum {string} */
                            state: "waiting" | "none";
                            type: string;
                        };
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    deleteInfrastructureCluster: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getInfrastructureStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        imecversion: string;
                        infr: components["schemas"]["Infrastructure"];
                        infrs: components["schemas"]["Infrastructure"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    GetQoSDefs: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        qosdefs: components["schemas"]["QosDefinition"][];
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    PostQoSDefs: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OriginalQosDefinition"] | components["schemas"]["OriginalQosDefinition"][] | components["schemas"]["QosTemplateDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        qosdef: components["schemas"]["QosDefinition"];
                        qosdefs: components["schemas"]["QosDefinition"][];
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        qosdef: components["schemas"]["QosDefinition"];
                        qosdefs: components["schemas"]["QosDefinition"][];
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    GetQoSDef: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        qosdef: components["schemas"]["QosDefinition"];
                        /** @constant */
                        resp: "ok";
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    reconcile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    infrastructures?: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        conditions: {
                            reason: string;
                            /** @description RFC 3339 */
                            since: string;
                            type: string;
                        }[];
                        environment: string;
                        functions: {
                            dock: string;
                            id: string;
                            infrastructure: string;
                            name: string;
                            reason: string;
                            /** @constant */
                            state: "waiting";
                        }[];
                        infrastructures: {
                            /** @description RFC 3339 */
                            appliedAt?: string;
                            name: string;
                            reason?: string;
                            revision: string | null;
                            /** @enum {string} */
                            state: "ready" | "progressing" | "degraded" | "held" | "suspended" | "waiting" | "removing" | "unreachable" | "failed" | "unknown";
                        }[];
                        issues: components["schemas"]["Issue"][];
                        reason?: string;
                        revision: string | null;
                        tasks: components["schemas"]["TaskStatus"][];
                        tip: string | null;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getRulesEngineConfiguration: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        content: {
                            CaaSVersion: string;
                            Clusters: {
                                DefaultDock: string;
                                Description: string;
                                HostIP: string;
                                HostPort: number;
                                ID: string;
                                KeyFile: string;
                                KubernetesEndPoint: string;
                                Name: string;
                                OpenshiftEndPoint: string;
                                OpenshiftOauthToken: string;
                                Password: string;
                                PrometheusEndPoint: string;
                                PrometheusPushgatewayEndPoint: string;
                                SLALiteEndPoint: string;
                                SO: string;
                                Type: string;
                                User: string;
                            }[];
                            FaaSVersion: string;
                            IMECVersion: string;
                            RestApiVersion: string;
                            RulesEngineVersion: string;
                            ServerPort: number;
                            SLALiteVersion: string;
                            SLAs: {
                                CreationDate: string;
                                DefaultInfrQoSRule: string;
                                ExpirationDate: string;
                            };
                            Tasks: {
                                Action: string;
                                Comparator: string;
                                MaxAllowed: number;
                                MaxReplicas: number;
                                MinReplicas: number;
                                ScaleFactor: number;
                                Value: number;
                            };
                        };
                        faasversion: string;
                        imec: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        rulesengineversion: string;
                        slalite: string;
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    processSLAViolation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                guarantee: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    Agreement_id?: string;
                    Client_id?: string;
                    Client_name?: string;
                    Guarantee?: string;
                    /** @constant */
                    Status?: "violation";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getStatus2: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        conditions: {
                            reason: string;
                            /** @description RFC 3339 */
                            since: string;
                            type: string;
                        }[];
                        environment: string;
                        faasversion: string;
                        functions: {
                            dock: string;
                            id: string;
                            infrastructure: string;
                            name: string;
                            reason: string;
                            /** @constant */
                            state: "waiting";
                        }[];
                        imec: string;
                        imecversion: string;
                        infrastructures: {
                            /** @description RFC 3339 */
                            appliedAt?: string;
                            name: string;
                            reason?: string;
                            revision: string | null;
                            /** @enum {string} */
                            state: "ready" | "progressing" | "degraded" | "held" | "suspended" | "waiting" | "removing" | "unreachable" | "failed" | "unknown";
                        }[];
                        issues: components["schemas"]["Issue"][];
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        reason?: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        revision: string | null;
                        rulesengineversion: string;
                        slalite: string;
                        tasks: components["schemas"]["TaskStatus"][];
                        tip: string | null;
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
        };
    };
    getAllRotterdamTasks: {
        parameters: {
            query?: {
                dock?: string;
                /** @description `id,replicas`: the others are left out. One that no task has: 400. */
                fields?: string;
                infrastructure?: string;
                limit?: number;
                offset?: number;
                /** @description Health: ready, progressing, failed …; or the original's Deployed, Deploying. Another: 400. */
                state?: string;
            };
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        tasks: {
                            /** @description The first of its agreements, or NO_SLA. */
                            agreementId?: string;
                            clusterid?: string;
                            clusterId?: string;
                            /** @description A COMPSs workflow in the simple format, where that can say all of it. */
                            compssTaskDefinition?: {
                                args?: string[];
                                cluster?: string;
                                command?: string[];
                                dock?: string;
                                image?: string;
                                name?: string;
                                ports?: number[];
                                qos?: {
                                    action?: string;
                                    comparator?: string;
                                    maxallowed?: number;
                                    maxreplicas?: number;
                                    metric?: string;
                                    minreplicas?: number;
                                    qosid: string;
                                    scalefactor?: number;
                                    value?: number;
                                }[];
                                replicas?: number;
                                /** @constant */
                                type?: "compss";
                            };
                            containers?: components["schemas"]["Container"][];
                            created?: string;
                            /** @constant */
                            dbid?: "Task";
                            deployment?: string;
                            description?: string;
                            dock?: string;
                            functionDefinition?: Record<string, never>;
                            health?: string;
                            id?: string;
                            name?: string;
                            nameSpace?: string;
                            /** @description All of a COMPSs task's workers, ready; none before. */
                            pods?: components["schemas"]["Worker"][];
                            readyReplicas?: number;
                            reason?: string;
                            replicas?: number;
                            /** @description A commit. */
                            revision?: string;
                            status?: string;
                            taskDefinition?: {
                                cluster: string;
                                containers: components["schemas"]["Container"][];
                                dock: string;
                                name: string;
                                /** @description The first template, as COMPSs reads it. */
                                qos?: {
                                    description: string;
                                    name: string;
                                };
                                /** @description The other templates. */
                                qoscompss: {
                                    action?: string;
                                    comparator?: string;
                                    maxallowed?: number;
                                    maxreplicas?: number;
                                    metric?: string;
                                    minreplicas?: number;
                                    qosid: string;
                                    scalefactor?: number;
                                    value?: number;
                                }[];
                                replicas: number;
                                type: string;
                            };
                            type?: string;
                            url?: string;
                        }[];
                        /** @description With those of other pages. */
                        total: number;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    createRotterdamTask: {
        parameters: {
            query?: {
                /** @description At most 10m. Default: 60s. */
                timeout?: string;
                /** @description Answers when it is applied and ready, or when the time is over. */
                wait?: "ready";
            };
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LongTask"] | components["schemas"]["SimpleTask"] | components["schemas"]["TaskDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getRotterdamTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        task: components["schemas"]["Task"];
                        url: string;
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    updateRotterdamTask: {
        parameters: {
            query?: {
                /** @description At most 10m. Default: 60s. */
                timeout?: string;
                /** @description Answers when it is applied and ready, or when the time is over. */
                wait?: "ready";
            };
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LongTask"] | components["schemas"]["SimpleTask"] | components["schemas"]["TaskDocument"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        /** @description A commit. */
                        revision: string;
                        task: components["schemas"]["Task"];
                        url: string;
                        /** @description What was left out of the body, or is doubtful. */
                        warnings?: components["schemas"]["Issue"][];
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    deleteRotterdamTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        /** @constant */
                        content: "ok";
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            /** @description Taken */
            202: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    /** @description `respond-async` */
                    "Preference-Applied": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        /** @constant */
                        content: "ok";
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        revision: string;
                    };
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getRotterdamTaskFullInfo: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        agreements: components["schemas"]["AgreementStatus"][];
                        caasversion: string;
                        id: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        objects: {
                            infrastructure: string;
                            manifest: {
                                [key: string]: unknown;
                            };
                        }[];
                        pods: components["schemas"]["Worker"][];
                        /** @constant */
                        resp: "ok";
                        task: components["schemas"]["Task"];
                        url: string;
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getTaskStory: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        story: components["schemas"]["Story"];
                    };
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            503: components["responses"]["Error503"];
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: 202 with `Location`. `rotterdam-status=200`: 200 for errors too, as the original had it; `resp` tells. `rotterdam-status=true`: the true status of a listener that has 200 for all. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caasversion: string;
                        faasversion: string;
                        imec: string;
                        imecversion: string;
                        message: string;
                        /** @description The original's name of what was asked for. */
                        method: string;
                        /** @constant */
                        resp: "ok";
                        restapi: string;
                        rulesengineversion: string;
                        slalite: string;
                    };
                };
            };
            403: components["responses"]["Error403"];
            429: components["responses"]["Error429"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            403: components["responses"]["Message403"];
            429: components["responses"]["Message429"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["Message401"];
            403: components["responses"]["Message403"];
            429: components["responses"]["Message429"];
        };
    };
    push: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Message400"];
            401: components["responses"]["Message401"];
            403: components["responses"]["Message403"];
            404: components["responses"]["Message404"];
            413: components["responses"]["Message413"];
            415: components["responses"]["Message415"];
            429: components["responses"]["Message429"];
            503: components["responses"]["Message503"];
        };
    };
    pushAdd: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Message400"];
            401: components["responses"]["Message401"];
            403: components["responses"]["Message403"];
            404: components["responses"]["Message404"];
            413: components["responses"]["Message413"];
            415: components["responses"]["Message415"];
            429: components["responses"]["Message429"];
            503: components["responses"]["Message503"];
        };
    };
    deleteGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Message400"];
            401: components["responses"]["Message401"];
            403: components["responses"]["Message403"];
            404: components["responses"]["Message404"];
            413: components["responses"]["Message413"];
            415: components["responses"]["Message415"];
            429: components["responses"]["Message429"];
            503: components["responses"]["Message503"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            403: components["responses"]["Message403"];
            429: components["responses"]["Message429"];
            /** @description Not now: `Retry-After` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    getSla: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: {
                            Help: string;
                            Method: string;
                            Path: string;
                            Version: string;
                        };
                    };
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            429: components["responses"]["SlaError429"];
        };
    };
    getAgreements: {
        parameters: {
            query?: {
                /** @description Anything: only those that are started. */
                active?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agreement"][];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    createAgreement: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SlaAgreement"] | components["schemas"]["AgreementDocument"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agreement"];
                };
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getAgreement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agreement"];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    updateAgreement: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    state: "started" | "stopped" | "terminated";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agreement"];
                };
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    deleteAgreement: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getAgreementDetails: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgreementDetails"];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    startAgreement: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    stopAgreement: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    terminateAgreement: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
                /** @description The `ETag` of what was read: 412 when that has changed. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    createAgreementOfTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    parameters?: {
                        [key: string]: components["schemas"]["Json"];
                    };
                    template_id: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        agreement_id: string;
                        parameters: {
                            [key: string]: unknown;
                        };
                        template_id: string;
                    };
                };
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    createEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            410: components["responses"]["SlaError410"];
            413: components["responses"]["SlaError413"];
            429: components["responses"]["SlaError429"];
        };
    };
    deleteEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getMetricNames: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    createMetric: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            413: components["responses"]["SlaError413"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    deleteMetric: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            413: components["responses"]["SlaError413"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getProviders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"][];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    createProvider: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            409: components["responses"]["SlaError409"];
            410: components["responses"]["SlaError410"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    deleteProvider: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            413: components["responses"]["SlaError413"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    predict: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    executionTime?: string;
                    id?: string;
                    numWorkers?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        executionTime: string;
                        id: string;
                        numWorkers: string;
                        result: string;
                    };
                };
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
        };
    };
    getSources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    createSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    url: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    deleteSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgreementTemplate"][];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    createTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request again is answered with what it made the first time. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SlaTemplate"] | components["schemas"]["AgreementTemplateDocument"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /** @description The path of what was made or changed. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgreementTemplate"];
                };
            };
            400: components["responses"]["SlaError400"];
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            409: components["responses"]["SlaError409"];
            412: components["responses"]["SlaError412"];
            413: components["responses"]["SlaError413"];
            415: components["responses"]["SlaError415"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
    getTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Of what the documents say: for `If-Match`. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgreementTemplate"];
                };
            };
            401: components["responses"]["SlaError401"];
            403: components["responses"]["SlaError403"];
            404: components["responses"]["SlaError404"];
            429: components["responses"]["SlaError429"];
            503: components["responses"]["SlaError503"];
        };
    };
}
